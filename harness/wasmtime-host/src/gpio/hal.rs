//! Lines made of `embedded-hal` pins.
//!
//! Its traits have no bias, no edges and no analog inputs: the pull resistor is switched on by whoever
//! makes the pin, and a guest that waits gets `operation-not-supported`. Its pins have one kind of error, which is
//! called other.

use embedded_hal::digital::{InputPin, OutputPin};
use embedded_hal::pwm::SetDutyCycle;
use wasi_hw_seam::Refusal;
use wasi_hw_seam::gpio::{Level, Line, Request, Sample};

/// A digital input.
pub fn input(pin: impl InputPin + Send + 'static) -> Box<dyn Line> {
    Box::new(Over(Input(pin)))
}

/// A digital output; drives at once what `request` asks for.
pub fn output(pin: impl OutputPin + Send + 'static, request: &Request) -> Result<Box<dyn Line>, Refusal> {
    driving(Output(pin), request.drive)
}

/// A digital pin that can be read while it drives.
pub fn in_out(
    pin: impl InputPin + OutputPin + Send + 'static,
    request: &Request,
) -> Result<Box<dyn Line>, Refusal> {
    driving(InOut(pin), request.drive)
}

/// A PWM channel, as an analog output; drives at once what `request` asks for.
pub fn pwm(channel: impl SetDutyCycle + Send + 'static, request: &Request) -> Result<Box<dyn Line>, Refusal> {
    let channel = Pwm(channel);
    let end = |level| if level == Level::High { channel.greatest() } else { 0 };
    let drive = request.drive.map(|drive| match drive {
        Sample::Level(level) => Sample::Value(end(level)),
        value => value,
    });
    driving(channel, drive)
}

fn driving(mut pin: impl Pin + 'static, drive: Option<Sample>) -> Result<Box<dyn Line>, Refusal> {
    drive.map_or(Ok(()), |drive| pin.set(drive))?;
    Ok(Box::new(Over(pin)))
}

/// What a pin can do; what it does not say it cannot.
trait Pin: Send {
    fn get(&mut self) -> Result<Sample, Refusal> {
        Err(Refusal::Invalid)
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let _ = to;
        Err(Refusal::Invalid)
    }

    fn greatest(&self) -> u32 {
        1
    }
}

struct Input<P>(P);

impl<P: InputPin + Send> Pin for Input<P> {
    fn get(&mut self) -> Result<Sample, Refusal> {
        get(&mut self.0)
    }
}

struct Output<P>(P);

impl<P: OutputPin + Send> Pin for Output<P> {
    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        set(&mut self.0, to)
    }
}

struct InOut<P>(P);

impl<P: InputPin + OutputPin + Send> Pin for InOut<P> {
    fn get(&mut self) -> Result<Sample, Refusal> {
        get(&mut self.0)
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        set(&mut self.0, to)
    }
}

struct Pwm<P>(P);

impl<P: SetDutyCycle + Send> Pin for Pwm<P> {
    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        let Sample::Value(value) = to else { return Err(Refusal::Invalid) };
        let duty = u16::try_from(value).map_err(|_| Refusal::Invalid)?;
        self.0.set_duty_cycle(duty).map_err(|_| Refusal::Other)
    }

    fn greatest(&self) -> u32 {
        self.0.max_duty_cycle().max(1).into()
    }
}

fn get(pin: &mut impl InputPin) -> Result<Sample, Refusal> {
    let high = pin.is_high().map_err(|_| Refusal::Other)?;
    Ok(Sample::Level(if high { Level::High } else { Level::Low }))
}

fn set(pin: &mut impl OutputPin, to: Sample) -> Result<(), Refusal> {
    match to {
        Sample::Level(Level::High) => pin.set_high().map_err(|_| Refusal::Other),
        Sample::Level(Level::Low) => pin.set_low().map_err(|_| Refusal::Other),
        Sample::Value(_) => Err(Refusal::Invalid),
    }
}

/// A pin as a line: it is usable at once, and tells of nothing.
struct Over<P>(P);

impl<P: Pin> Line for Over<P> {
    fn get(&mut self) -> Result<Sample, Refusal> {
        self.0.get()
    }

    fn set(&mut self, to: Sample) -> Result<(), Refusal> {
        self.0.set(to)
    }

    fn greatest(&self) -> u32 {
        self.0.greatest()
    }

    fn configure(&mut self, _: &Request) -> Result<(), Refusal> {
        Err(Refusal::Unsupported)
    }
}
