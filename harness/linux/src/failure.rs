//! What the kernel refused, in words: a refusal alone does not say which file it was, and what helps.

use crate::errno::{self, Table};
use rustix::io::Errno;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasi_hw_seam::Refusal;

/// A call that the kernel refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The device node, or the file of sysfs.
    pub node: PathBuf,
    /// The call, such as `open` or `I2C_RDWR`.
    pub call: &'static str,
    /// The error number; 0 where there is none.
    pub errno: i32,
    /// What is wrong where no error number says it, such as a file in which there is no number.
    pub why: Option<String>,
    /// What the caller gets.
    pub refusal: Refusal,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { node, call, errno, why, refusal } = self;
        write!(f, "{}: {call}: ", node.display())?;
        match why {
            Some(why) => f.write_str(why)?,
            None => write!(f, "{}", io::Error::from_raw_os_error(*errno))?,
        }
        match (refusal, udev_rule(node)) {
            (Refusal::Denied, Some(rule)) => write!(
                f,
                "; this user may not open the file. Put this line into /etc/udev/rules.d/60-wasi-hw.rules: {rule} \
                 Then `udevadm control --reload && udevadm trigger`, and add the user to the group plugdev"
            ),
            (Refusal::Denied, None) => f.write_str("; this user may not open the file"),
            _ => Ok(()),
        }
    }
}

/// The rule that lets the group `plugdev` use nodes of this kind; `None` for one of another kind. What sysfs has of a chip is no
/// node: there a program has to change group and rights, and does so again when a channel is exported, which the chip tells as
/// a change.
fn udev_rule(node: &Path) -> Option<String> {
    let below =
        |prefix: &str| node.iter().any(|part| part.to_str().is_some_and(|part| part.starts_with(prefix)));
    if let Some((_, subsystem)) = SYSFS.into_iter().find(|(prefix, _)| below(prefix)) {
        return Some(format!(
            "SUBSYSTEM==\"{subsystem}\", ACTION==\"add|change\", RUN+=\"/bin/chgrp -R plugdev /sys%p\", \
             RUN+=\"/bin/chmod -R g=u /sys%p\""
        ));
    }
    let name = node.file_name()?.to_str()?;
    let kinds = [("i2c-", "i2c-dev"), ("spidev", "spidev"), ("gpiochip", "gpio")];
    let (_, subsystem) = kinds.into_iter().find(|(prefix, _)| name.starts_with(prefix))?;
    Some(format!("SUBSYSTEM==\"{subsystem}\", GROUP=\"plugdev\", MODE=\"0660\""))
}

/// How folders of sysfs begin that belong to a subsystem.
const SYSFS: [(&str, &str); 2] = [("pwmchip", "pwm"), ("iio:device", "iio")];

type Tell = Arc<dyn Fn(&Failure) + Send + Sync>;

/// Who is told.
#[derive(Clone, Default)]
pub(crate) struct Report(Option<Tell>);

impl Report {
    pub(crate) fn to(tell: Tell) -> Report {
        Report(Some(tell))
    }

    /// What a call's error becomes for who called; the other one is told all of it.
    pub(crate) fn refused(
        &self,
        node: &Path,
        call: &'static str,
        table: Table,
        error: impl Into<io::Error>,
    ) -> Refusal {
        let error = error.into();
        let errno = error.raw_os_error().unwrap_or(0);
        let refusal = errno::refusal(table, Errno::from_io_error(&error).unwrap_or(Errno::PROTO));
        self.tell(node, call, errno, refusal)
    }

    /// The same, where the caller knows better than a table.
    pub(crate) fn tell(&self, node: &Path, call: &'static str, errno: i32, refusal: Refusal) -> Refusal {
        self.told(Failure { node: node.to_owned(), call, errno, why: None, refusal })
    }

    /// The same, of what no error number says.
    pub(crate) fn wrong(&self, node: &Path, call: &'static str, why: String, refusal: Refusal) -> Refusal {
        self.told(Failure { node: node.to_owned(), call, errno: 0, why: Some(why), refusal })
    }

    fn told(&self, failure: Failure) -> Refusal {
        if let Some(tell) = &self.0 {
            tell(&failure);
        }
        failure.refusal
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use std::path::PathBuf;
    use wasi_hw_seam::Refusal;

    #[test]
    fn a_missing_permission_names_the_file_and_the_rule() {
        let failure = |node: &str, errno, refusal| {
            Failure { node: PathBuf::from(node), call: "open", errno, why: None, refusal }.to_string()
        };
        let denied = failure("/dev/spidev0.1", 13, Refusal::Denied);
        assert!(denied.starts_with("/dev/spidev0.1: open: "), "{denied}");
        assert!(denied.contains(r#"SUBSYSTEM=="spidev", GROUP="plugdev", MODE="0660""#), "{denied}");
        let other = failure("/dev/other", 13, Refusal::Denied);
        assert!(!other.contains("udev"), "{other}");
        let channel = failure("/sys/class/pwm/pwmchip0/pwm1/period", 13, Refusal::Denied);
        assert!(channel.contains(r#"SUBSYSTEM=="pwm", ACTION=="add|change", RUN+="/bin/chgrp"#), "{channel}");
        let io = failure("/dev/i2c-1", 5, Refusal::Io);
        assert!(!io.contains("udev"), "{io}");
    }
}
