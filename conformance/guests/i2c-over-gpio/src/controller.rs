//! A controller of an I²C bus that has nothing but its two lines (UM10204, revision 6; the sections are its).
//!
//! ```text
//!        START          bit              bit            STOP
//! SDA  ‾‾‾\____  ___<========>_______<========>____  ____/‾‾‾
//! SCL  ‾‾‾‾‾‾‾\________/‾‾‾‾\___________/‾‾‾‾\_________/‾‾‾‾‾
//!             hold    low   high                   set-up   free
//! ```
//!
//! Nobody drives a line high: it is pulled low or let go of, so that any number of chips can share it, and what a line is can
//! only be learnt by looking. That is how a target acknowledges, how it holds the clock until it is ready, and how a controller
//! notices another one. The pauses are those of standard mode, 100 kbit/s; what an embedding adds makes the bus slower, which no
//! target minds.

/// The shortest time that SCL is low (t_LOW of table 10, 4.7 µs). SDA moves at its beginning.
const LOW_NS: u32 = 4_700;

/// The shortest time that SCL is high (t_HIGH, 4.0 µs), and the hold and set-up times of START and STOP (t_HD;STA, t_SU;STO,
/// 4.0 µs).
const HIGH_NS: u32 = 4_000;

/// Before a repeated START (t_SU;STA), and between STOP and START (t_BUF): 4.7 µs.
const FREE_NS: u32 = 4_700;

/// How often a line that somebody else holds is looked at before the call gives up, and the pause between two looks: 25 ms, the
/// shortest time-out of SMBus. I²C itself has none.
const LOOKS: u32 = 2_500;
const LOOK_NS: u32 = 10_000;

/// The two lines, as a pin with an open drain has them.
pub trait Lines {
    /// Why a line cannot be used.
    type Error;
    /// Pulls SCL low, or lets go of it.
    fn scl(&mut self, low: bool) -> Result<(), Self::Error>;
    /// Pulls SDA low, or lets go of it.
    fn sda(&mut self, low: bool) -> Result<(), Self::Error>;
    /// Whether SCL is low, whoever pulls it.
    fn scl_is_low(&mut self) -> Result<bool, Self::Error>;
    /// Whether SDA is low, whoever pulls it.
    fn sda_is_low(&mut self) -> Result<bool, Self::Error>;
    /// Lets at least so many nanoseconds pass.
    fn pause(&mut self, ns: u32);
}

/// One step of a call.
pub enum Operation<'a> {
    /// From the target; the whole buffer is filled.
    Read(&'a mut [u8]),
    /// To the target.
    Write(&'a [u8]),
}

impl Operation<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Operation::Read(buffer) => buffer.is_empty(),
            Operation::Write(bytes) => bytes.is_empty(),
        }
    }

    fn reads(&self) -> bool {
        matches!(self, Operation::Read(_))
    }
}

/// Why a call failed.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// SDA moved while SCL was high: a START or a STOP that was not this controller's.
    Misplaced,
    /// SDA was low where this controller had let go of it: another one sends, and has won.
    Lost,
    /// Nobody acknowledged the address.
    NoAddress,
    /// The target did not acknowledge a byte.
    NoData,
    /// SCL stayed low for too long, or SDA did before a START.
    Held,
    /// Reads without a byte: after its address the target has SDA, and no STOP is possible before it has sent.
    Nothing,
    /// A line cannot be used.
    Line(E),
}

impl<E> From<E> for Failure<E> {
    fn from(error: E) -> Failure<E> {
        Failure::Line(error)
    }
}

/// Does all operations in one frame. When it returns the frame is over: the STOP has been sent, or the bus was another's, or the
/// lines are of no use any more.
///
/// An operation without bytes moves none and is left out, where another has some; of writes without any byte the frame is a
/// probe of the address. Bytes of neighbours in one direction follow one another, as embedded-hal has it. `address` has seven
/// bits.
pub fn transaction<L: Lines>(
    lines: &mut L,
    address: u8,
    operations: &mut [Operation<'_>],
) -> Result<(), Failure<L::Error>> {
    if operations.is_empty() {
        return Ok(());
    }
    let nothing = operations.iter().all(Operation::is_empty);
    if nothing && operations.iter().all(Operation::reads) {
        return Err(Failure::Nothing);
    }
    wait_until_free(lines)?;
    let result = frame(lines, address, operations, nothing);
    match result {
        // The other controller ends its frame by itself. What is held would be in its way.
        Err(Failure::Lost) => {
            lines.sda(false)?;
            lines.scl(false)?;
        }
        // After a line that failed the others are tried all the same, so that as little as possible is held.
        Ok(()) => stop(lines)?,
        Err(_) => drop(stop(lines)),
    }
    result
}

/// A bus is free when both lines stay high for a while. Who looks from time to time cannot know more: another controller's STOP
/// may have been missed, and its START be just to come; then the two meet in the first bits, and one of them loses.
fn wait_until_free<L: Lines>(lines: &mut L) -> Result<(), Failure<L::Error>> {
    let mut quiet = 0;
    for _ in 0..LOOKS {
        let low = lines.scl_is_low()? || lines.sda_is_low()?;
        quiet = if low { 0 } else { quiet + 1 };
        if quiet == 2 {
            return Ok(());
        }
        lines.pause(if low { LOOK_NS } else { FREE_NS });
    }
    Err(Failure::Held)
}

fn frame<L: Lines>(
    lines: &mut L,
    address: u8,
    operations: &mut [Operation<'_>],
    probe: bool,
) -> Result<(), Failure<L::Error>> {
    let mut before = None;
    for at in 0..operations.len() {
        let (done, rest) = operations.split_at_mut(at + 1);
        let operation = &mut done[at];
        if operation.is_empty() && !probe {
            continue;
        }
        let reads = operation.reads();
        if before != Some(reads) {
            start(lines, before.is_some())?;
            before = Some(reads);
            if !write(lines, address << 1 | u8::from(reads))? {
                return Err(Failure::NoAddress);
            }
        }
        if probe {
            return Ok(());
        }
        match operation {
            Operation::Write(bytes) => {
                for byte in *bytes {
                    if !write(lines, *byte)? {
                        return Err(Failure::NoData);
                    }
                }
            }
            Operation::Read(buffer) => {
                // What the controller does not acknowledge is the last byte before the direction changes or the frame ends.
                let next = rest.iter().find(|operation| !operation.is_empty());
                let goes_on = next.is_some_and(Operation::reads);
                let last = buffer.len() - 1;
                for (n, byte) in buffer.iter_mut().enumerate() {
                    *byte = read(lines, n < last || goes_on)?;
                }
            }
        }
    }
    Ok(())
}

/// SDA falls while SCL is high (3.1.4). Before a repeated START (3.1.10) both lines have to go high again.
fn start<L: Lines>(lines: &mut L, again: bool) -> Result<(), Failure<L::Error>> {
    if again {
        lines.sda(false)?;
        lines.pause(LOW_NS);
        let_clock_go(lines)?;
        lines.pause(FREE_NS);
        if lines.sda_is_low()? {
            return Err(Failure::Lost);
        }
    }
    lines.sda(true)?;
    lines.pause(HIGH_NS);
    lines.scl(true)?;
    Ok(())
}

/// SDA rises while SCL is high. Who holds SCL even now is given up: then there is no STOP, and both lines are let go of.
fn stop<L: Lines>(lines: &mut L) -> Result<(), Failure<L::Error>> {
    let pulled = lines.scl(true).and(lines.sda(true));
    lines.pause(LOW_NS);
    let high = let_clock_go(lines);
    lines.pause(HIGH_NS);
    let let_go = lines.sda(false);
    lines.pause(FREE_NS);
    pulled?;
    high?;
    let_go?;
    Ok(())
}

/// Sends a byte, the highest bit first (3.1.5); the answer says whether it was acknowledged (3.1.6).
fn write<L: Lines>(lines: &mut L, byte: u8) -> Result<bool, Failure<L::Error>> {
    for n in (0..8).rev() {
        let low = byte >> n & 1 == 0;
        // Two controllers may send alike for a while. The first to find SDA low where it sends a 1 has lost (3.1.8).
        if bit(lines, low)? && !low {
            return Err(Failure::Lost);
        }
        lines.scl(true)?;
    }
    let acknowledged = bit(lines, false)?;
    lines.scl(true)?;
    Ok(acknowledged)
}

/// Takes a byte, and says by the acknowledge whether another is to come.
fn read<L: Lines>(lines: &mut L, acknowledge: bool) -> Result<u8, Failure<L::Error>> {
    let mut byte = 0;
    for _ in 0..8 {
        byte = byte << 1 | u8::from(!bit(lines, false)?);
        lines.scl(true)?;
    }
    if bit(lines, acknowledge)? && !acknowledge {
        return Err(Failure::Lost);
    }
    lines.scl(true)?;
    Ok(byte)
}

/// Clocks a bit, and leaves SCL high; the answer says whether SDA was low. SDA is to stay as it is while SCL is high, so it is
/// looked at twice: a change in between is a START or a STOP of somebody who has no business here.
fn bit<L: Lines>(lines: &mut L, low: bool) -> Result<bool, Failure<L::Error>> {
    lines.sda(low)?;
    lines.pause(LOW_NS);
    let_clock_go(lines)?;
    let first = lines.sda_is_low()?;
    lines.pause(HIGH_NS);
    if lines.sda_is_low()? != first {
        return Err(Failure::Misplaced);
    }
    Ok(first)
}

/// Lets go of SCL, and waits until it is high: a target that is not ready holds it (clock stretching, 3.1.9), and so does a
/// slower controller (3.1.7).
fn let_clock_go<L: Lines>(lines: &mut L) -> Result<(), Failure<L::Error>> {
    lines.scl(false)?;
    for _ in 0..LOOKS {
        if !lines.scl_is_low()? {
            return Ok(());
        }
        lines.pause(LOOK_NS);
    }
    Err(Failure::Held)
}
