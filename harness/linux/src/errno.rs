//! Which refusal an error number of the kernel becomes: a table for each bus, from the document that it names.

use rustix::io::Errno;
use wasi_hw_seam::Refusal;

/// Error numbers and what they become. Those that are not listed are [`Refusal::Other`].
pub(crate) type Table = &'static [(Errno, Refusal)];

/// What opening a device node gives: open(2).
pub(crate) const OPEN: Table = &[
    (Errno::ACCESS, Refusal::Denied),
    (Errno::PERM, Refusal::Denied),
    (Errno::BUSY, Refusal::Busy),
    (Errno::NOENT, Refusal::Missing),
    (Errno::NODEV, Refusal::Gone),
    (Errno::NXIO, Refusal::Gone),
    (Errno::NOMEM, Refusal::TooMuch),
    (Errno::MFILE, Refusal::TooMuch),
    (Errno::NFILE, Refusal::TooMuch),
    (Errno::IO, Refusal::Io),
];

/// Documentation/i2c/fault-codes.rst; EREMOTEIO, which it does not list, is what several drivers give for a byte that was
/// not acknowledged.
pub(crate) const I2C: Table = &[
    (Errno::AGAIN, Refusal::ArbitrationLost),
    (Errno::BADMSG, Refusal::Io),
    (Errno::BUSY, Refusal::Timeout),
    (Errno::INVAL, Refusal::Invalid),
    (Errno::IO, Refusal::Io),
    (Errno::NODEV, Refusal::Gone),
    (Errno::NOMEM, Refusal::TooMuch),
    (Errno::NXIO, Refusal::AddressNack),
    (Errno::OPNOTSUPP, Refusal::Unsupported),
    (Errno::PROTO, Refusal::Io),
    (Errno::REMOTEIO, Refusal::DataNack),
    (Errno::SHUTDOWN, Refusal::Gone),
    (Errno::TIMEDOUT, Refusal::Timeout),
];

/// Documentation/spi/spidev.rst, and what spidev_message() and __spi_validate() check (EINVAL, EMSGSIZE).
pub(crate) const SPI: Table = &[
    (Errno::INVAL, Refusal::Invalid),
    (Errno::IO, Refusal::Io),
    (Errno::MSGSIZE, Refusal::TooLong),
    (Errno::NODEV, Refusal::Gone),
    (Errno::NOMEM, Refusal::TooMuch),
    (Errno::OPNOTSUPP, Refusal::Unsupported),
    (Errno::SHUTDOWN, Refusal::Gone),
    (Errno::TIMEDOUT, Refusal::Timeout),
];

/// Documentation/userspace-api/gpio, chapter "GPIO Character Device Userspace API": the pages of the ioctls, and
/// error-codes.rst. ENOTSUPP (524), which is the kernel's own and gets out of some chips, is not an `Errno` with a name.
pub(crate) const GPIO: Table = &[
    (Errno::ACCESS, Refusal::Denied),
    (Errno::BUSY, Refusal::Busy),
    // A line that is an input was to be set.
    (Errno::PERM, Refusal::Invalid),
    (Errno::AGAIN, Refusal::NotReady),
    (Errno::INVAL, Refusal::Invalid),
    (Errno::IO, Refusal::Io),
    (Errno::NODEV, Refusal::Gone),
    (Errno::NOENT, Refusal::Missing),
    (Errno::NOMEM, Refusal::TooMuch),
    (Errno::NXIO, Refusal::Unsupported),
    (Errno::OPNOTSUPP, Refusal::Unsupported),
    (Errno::SHUTDOWN, Refusal::Gone),
    (Errno::TIMEDOUT, Refusal::Timeout),
];

/// Documentation/ABI/testing/sysfs-class-pwm and sysfs-bus-iio say nothing of errors. So what export_store() of
/// drivers/pwm/sysfs.c and the drivers behind `apply` and `read_raw` return: EINVAL and ERANGE of a channel are a setting that
/// it does not have; a file that was open when its device went gives ENODEV.
pub(crate) const SYSFS: Table = &[
    (Errno::ACCESS, Refusal::Denied),
    (Errno::AGAIN, Refusal::NotReady),
    (Errno::BUSY, Refusal::Busy),
    (Errno::INVAL, Refusal::Unsupported),
    (Errno::IO, Refusal::Io),
    (Errno::NODEV, Refusal::Gone),
    (Errno::NOENT, Refusal::Missing),
    (Errno::NOMEM, Refusal::TooMuch),
    (Errno::NXIO, Refusal::Gone),
    (Errno::OPNOTSUPP, Refusal::Unsupported),
    (Errno::PERM, Refusal::Denied),
    (Errno::RANGE, Refusal::Unsupported),
    (Errno::TIMEDOUT, Refusal::Timeout),
];

/// The refusal of an error number.
pub(crate) fn refusal(table: Table, errno: Errno) -> Refusal {
    let found = table.iter().find(|(listed, _)| *listed == errno);
    found.map_or(Refusal::Other, |(_, refusal)| *refusal)
}

#[cfg(test)]
mod tests {
    use super::{GPIO, I2C, OPEN, SPI, SYSFS, refusal};
    use rustix::io::Errno;
    use wasi_hw_seam::Refusal;

    #[test]
    fn no_number_is_listed_twice() {
        for table in [OPEN, I2C, SPI, GPIO, SYSFS] {
            for (n, (errno, _)) in table.iter().enumerate() {
                assert!(table[..n].iter().all(|(other, _)| other != errno), "{errno:?}");
            }
        }
    }

    #[test]
    fn what_is_not_listed_is_anything_else() {
        assert_eq!(refusal(I2C, Errno::NXIO), Refusal::AddressNack);
        assert_eq!(refusal(OPEN, Errno::NXIO), Refusal::Gone);
        assert_eq!(refusal(SPI, Errno::XDEV), Refusal::Other);
    }
}
