//! How a host comes by one wrong function: a trait with all of them, and a host that asks the trait.

/// Writes the trait `Lie` with the functions of an interface, each of which does what the reference host
/// does, and the host `Lying` that asks the trait. The head names the context of the reference host and the
/// function of a store that gives it, and `besides` what of `Lie` does not fit a row. Then come, by trait of the
/// bindings, the functions, with the name that each has in `Lie`.
macro_rules! functions {
    (
        $view:ident by $get:ident $(, besides { $($more:tt)* })?;
        $($of:path { $($name:ident as $lie:ident($($arg:ident: $kind:ty),*) -> $result:ty;)* })*
    ) => {
        /// The reference host's context, as a wrong function has it.
        pub(super) type View<'a, 'b> = &'a mut $view<'b>;

        /// The functions of the interface; those that a wrong host does not exchange are the reference
        /// host's.
        pub(super) trait Lie: Send + Sized + 'static {
            $($(
                fn $lie(real: View<'_, '_>, $($arg: $kind),*) -> $result {
                    <$view<'_> as $of>::$name(real, $($arg),*)
                }
            )*)*
            $($($more)*)?
        }

        $(
            impl<L: Lie> $of for Lying<'_, L> {
                $(
                    fn $name(&mut self, $($arg: $kind),*) -> $result {
                        L::$lie(&mut self.0, $($arg),*)
                    }
                )*
            }
        )*

        fn lying<L>(
            guest: &mut wasi_hw_harness::runtime::engine::Guest<wasi_hw_harness::runtime::reference::State>,
        ) -> Lying<'_, L> {
            Lying(guest.$get(), std::marker::PhantomData)
        }

        struct Lies<L>(std::marker::PhantomData<L>);

        impl<L: 'static> wasmtime::component::HasData for Lies<L> {
            type Data<'a> = Lying<'a, L>;
        }

        struct Lying<'a, L>($view<'a>, std::marker::PhantomData<fn() -> L>);
    };
}

pub(super) use functions;
