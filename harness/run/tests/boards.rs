//! Board files: deny by default, and errors that say where.
#![cfg(target_os = "linux")]

use crate::{DETECT, LSUSB, MISUSE, file, run};
use std::fs;

#[test]
fn a_board_file_denies_what_it_does_not_grant() {
    let board = file("deny.toml", "version = 1\n[i2c.sensors]\ndevice = \"/dev/null\"\nallow = []\n");
    // It is no adapter, which the file of the device and the call tell.
    let (code, _, err) = run(&["--board", &board, DETECT, "sensors"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("/dev/null: I2C_FUNCS: "), "{err}");
    let (code, _, err) = run(&["--board", &board, DETECT, "others"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("no bus `others`"), "{err}");
    // Nothing of USB is granted, so there is nothing.
    let (code, out, err) = run(&["--board", &board, LSUSB]);
    assert_eq!((code, &*out), (1, ""), "{err}");
}

#[test]
fn what_is_wrong_with_a_board_file_is_told_with_its_line() {
    let bus = "version = 1\n[i2c.a]\ndevice = \"/dev/i2c-1\"\n";
    for (number, (text, why)) in [
        (bus.to_owned(), ":2: missing field `allow`"),
        (format!("{bus}allow = []\nspeed = 1\n"), ":5: unknown field `speed`"),
        (format!("{bus}allow = [{{ access = \"read\" }}]\n"), ":4: what is allowed has either `address`, or"),
        (format!("{bus}allow = [{{ first = 9, last = 8, access = \"read\" }}]\n"), ":4: what is allowed has"),
        (
            format!("{bus}allow = [{{ address = 0x400, access = \"read\" }}]\n"),
            ":4: an address is at most 0x3ff",
        ),
        ("version = 1\n[gpio.lamp]\nchip = \"/dev/gpiochip0\"\nallow = []\n".to_owned(), "either `line`, or"),
        ("version = 1\n[gpio.lamp]\nline = \"none such\"\nallow = []\n".to_owned(), "has a line `none such`"),
        (
            "version = 1\n[gpio.fan]\nline = \"GPIO18\"\npwm = { chip = \"/a\", channel = 0 }\nallow = []\n"
                .to_owned(),
            ":2: gpio.fan has either `line`, or `chip` and `offset`, or `pwm`, or `adc`",
        ),
        (
            "version = 1\n[gpio.fan]\npwm = { chip = \"/a\", channel = 0, period-ns = 0 }\nallow = []\n"
                .to_owned(),
            ":3: invalid value: integer `0`",
        ),
        (
            "version = 1\n[gpio.dial]\nadc = { device = \"/a\", channel = 0 }\nallow = []\n".to_owned(),
            ":2: the adc of gpio.dial has either `millivolts`,",
        ),
        ("version = 1\n[usb]\nallow = [{}]\n".to_owned(), ":3: a grant of USB names a `vendor`"),
        ("version = 2\n".to_owned(), ":1: has version 2"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("wrong-{number}.toml");
        let (code, _, err) = run(&["--board", &file(&name, &text), DETECT, "sensors"]);
        assert_eq!(code, 125, "{text}\n{err}");
        assert!(err.contains(&name) && err.contains(why), "{text}\n{err}");
    }
}

#[test]
fn check_tells_what_a_board_file_grants() {
    let text = "version = 1\n[i2c.sensors]\ndevice = \"/dev/i2c-1\"\nallow = [{ first = 8, last = 119, access = \"read\" }]\n\
                [usb]\nallow = [{ vendor = 0x1209, class = 3 }]\n";
    let board = file("granted.toml", text);
    let (code, out, err) = run(&["--check", "--board", &board, DETECT]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(out.contains("  grants sensors: 0x08 to 0x77 read, 65536 bytes a call\n"), "{out}");
    let (code, out, err) = run(&["--check", "--board", &board, LSUSB]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(out.contains("  grants devices of vendor 1209, class 0x03\n"), "{out}");
}

#[test]
fn a_list_is_a_board_file() {
    let (code, out, err) = run(&["--list"]);
    assert_eq!(code, 0, "{err}");
    let board = file("listed.toml", &out);
    let (code, out, err) = run(&["--check", "--board", &board, DETECT]);
    assert_eq!(code, 0, "{out}\n{err}");
}

#[test]
fn analog_pins_are_granted_by_label() {
    let root = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sysfs");
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    for name in ["export", "unexport", "pwm1/enable", "pwm1/duty_cycle", "pwm1/period", "pwm1/polarity"] {
        write(&format!("pwmchip0/{name}"), if name.ends_with("polarity") { "normal\n" } else { "0\n" });
    }
    write("iio:device0/in_voltage2_raw", "1365\n");
    let text = format!(
        "version = 1\n[gpio.fan]\npwm = {{ chip = {:?}, channel = 1, period-ns = 50_000 }}\nallow = [\"analog-out\"]\n\
         [gpio.dial]\nadc = {{ device = {:?}, channel = 2, greatest = 4095 }}\nallow = [\"analog-in\"]\n\
         [gpio.other]\nadc = {{ device = {:?}, channel = 3, greatest = 4095 }}\nallow = [\"analog-in\"]\n",
        root.join("pwmchip0"),
        root.join("iio:device0"),
        root.join("iio:device0"),
    );
    let board = file("analog.toml", &text);
    let (code, out, err) = run(&["--board", &board, MISUSE, "output", "fan", "input", "dial", "leave"]);
    // A third of its scale; that it changes nobody tells.
    assert_eq!((code, &*out), (0, "Ok(1365) Ok(0.33333334) false\n"), "{err}");
    let first = |name: &str| {
        let text = fs::read_to_string(root.join("pwmchip0").join(name)).expect("it can be read");
        text.lines().next().unwrap_or_default().to_owned()
    };
    // The component gave nothing back, and the host did.
    let files = ["export", "pwm1/period", "pwm1/duty_cycle", "pwm1/enable", "unexport"];
    assert_eq!(files.map(first), ["1", "50000", "12500", "0", "1"]);
    for (pin, why, told) in [
        (["input", "fan"], "PinModeNotAllowed", ""),
        (["input", "elsewhere"], "UndefinedPinLabel", ""),
        (["input", "other"], "Other", "in_voltage3_raw: open: No such file"),
    ] {
        let (code, _, err) = run(&["--board", &board, MISUSE, pin[0], pin[1], "leave"]);
        assert!(code == 1 && err.contains(why) && err.contains(told), "{pin:?}: {code} {err}");
    }
}
