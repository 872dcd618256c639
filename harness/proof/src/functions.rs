//! How a host comes by one wrong function: a trait with all of them, and a host that asks the trait.

/// Writes the trait `Lie` with the functions of an interface, each of which does what the reference host
/// does, and the host `Lying` that asks the trait. The head names the context of the reference host and the
/// function of a store that gives it, and `besides` what of `Lie` does not fit a row. Then come, by trait of the
/// bindings, the functions, with the name that each has in `Lie`.
///
/// `Lying` asks a table of pointers to the functions of a `Lie`, which lies in the store: linked is one host for each
/// interface, however many wrong ones there are.
macro_rules! functions {
    (
        $view:ident by $get:ident
        $(, besides { $($more:tt)* } as { $($pointer:ident: $type:ty = $make:expr;)* })?;
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

        /// The functions of a `Lie`.
        struct Functions {
            $($( $lie: fn(View<'_, '_>, $($kind),*) -> $result, )*)*
            $($( $pointer: $type, )*)?
        }

        /// What a store of a wrong host has.
        pub(super) fn instead<L: Lie>() -> wasi_hw_harness::runtime::reference::Instead {
            Some(const { &Functions { $($( $lie: L::$lie, )*)* $($( $pointer: $make, )*)? } })
        }

        $(
            impl $of for Lying<'_> {
                $(
                    fn $name(&mut self, $($arg: $kind),*) -> $result {
                        (self.1.$lie)(&mut self.0, $($arg),*)
                    }
                )*
            }
        )*

        fn lying(state: &mut wasi_hw_harness::runtime::reference::State) -> Lying<'_> {
            let functions = state.instead().expect("a wrong host has its functions in the store");
            Lying(state.$get(), functions)
        }

        struct Lies;

        impl wasmtime::component::HasData for Lies {
            type Data<'a> = Lying<'a>;
        }

        struct Lying<'a>($view<'a>, &'static Functions);
    };
}

pub(super) use functions;
