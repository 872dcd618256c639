//! Devices and the system that drives them: standard requests, claims, settings, plugging and resets.

use super::*;

#[test]
fn standard_requests_are_answered_from_the_descriptors() {
    let board = board("");
    let mut handle = open(&board);
    let mut get = |setup| end(&board, &mut handle, control(setup, &[]));
    let device = first(&board).descriptor;
    assert_eq!(get([0x80, 6, 0, 1, 0, 0, 64, 0]), ok(&device));
    assert_eq!(get([0x80, 6, 0, 1, 0, 0, 8, 0]), ok(&device[..8]));
    assert_eq!(get([0x80, 6, 0, 3, 0, 0, 255, 0]), ok(&[4, 3, 9, 4]));
    assert_eq!(get([0x80, 6, 2, 3, 9, 4, 255, 0]), ok(b"\x0a\x03E\0c\0h\0o\0"));
    assert_eq!(get([0x80, 6, 1, 2, 0, 0, 9, 0]).data[..6], [9, 2, 18, 0, 1, 7]);
    assert_eq!(get([0x80, 6, 9, 3, 9, 4, 255, 0]), failed(Status::Stall));
    assert_eq!(get([0x80, 8, 0, 0, 0, 0, 1, 0]), ok(&[1]));
    assert_eq!(get([0x80, 0, 0, 0, 0, 0, 2, 0]), ok(&[1, 0]));
    assert_eq!(get([0x81, 10, 0, 0, 1, 0, 1, 0]), ok(&[0]));
    assert_eq!(get([0x81, 10, 0, 0, 9, 0, 1, 0]), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, control([0x02, 3, 0, 0, 0x02, 0, 0, 0], &[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, output(&[1])), failed(Status::Stall));
    assert_eq!(handle.submit(control([0x40, 1, 0, 0, 0, 0, 3, 0], &[1, 2])), Err(Refusal::Invalid));
}

#[test]
fn scripted_requests_come_first_and_their_last_reply_stays() {
    let more = r#"
        memory = { kept = "aa" }
        [[usb.dev.control]]
        setup = "c0 01"
        reply = [{ data = "01 02 03" }, "babble", "error", "stall"]
        [[usb.dev.control]]
        setup = "40 02 .. 07"
        reply = [{ store = "kept" }]
        after-ns = 1_000_000
        [[usb.dev.control]]
        setup = "c0 02"
        reply = [{ recall = "kept" }]
    "#;
    let board = board(more);
    let mut handle = open(&board);
    let mut ask = || end(&board, &mut handle, control([0xc0, 1, 0, 0, 0, 0, 2, 0], &[]));
    assert_eq!(ask(), ok(&[1, 2]));
    assert_eq!(ask(), failed(Status::Overflow));
    assert_eq!(ask(), failed(Status::Error));
    assert_eq!((ask(), ask()), (failed(Status::Stall), failed(Status::Stall)));
    let kept = control([0xc0, 2, 0, 0, 0, 0, 8, 0], &[]);
    assert_eq!(end(&board, &mut handle, kept.clone()), ok(&[0xaa]));
    let before = board.now();
    assert_eq!(end(&board, &mut handle, control([0x40, 2, 9, 7, 0, 0, 2, 0], &[5, 6])), sent(2));
    assert!(board.now() >= before + 1_000_000);
    assert_eq!(end(&board, &mut handle, kept), ok(&[5, 6]));
    assert_eq!(end(&board, &mut handle, control([0x40, 2, 9, 8, 0, 0, 0, 0], &[])), failed(Status::Stall));
    let lines = trace(&board);
    let store = lines.iter().position(|line| line == "NAK 0x00").unwrap();
    assert_eq!(
        lines[store - 1..store + 3],
        ["SETUP 40 02 09 07 00 00 02 00", "NAK 0x00", "OUT 0x00 [05 06]", "STATUS"]
    );
}

#[test]
fn claims_and_settings_are_the_systems() {
    let board = board("");
    let (mut first, mut second) = (open(&board), open(&board));
    assert_eq!(first.claim(9), Err(Refusal::NotFound));
    assert_eq!(first.claim(32), Err(Refusal::Invalid));
    first.claim(1).unwrap();
    assert_eq!(second.claim(1), Err(Refusal::Busy));
    assert_eq!(second.release(1), Err(Refusal::NotFound));
    assert_eq!(first.set_alternate(0, 0), Err(Refusal::NotFound));
    assert_eq!(first.set_alternate(1, 2), Err(Refusal::NotFound));
    assert_eq!(second.set_configuration(Some(7)), Err(Refusal::Busy));
    assert_eq!(first.submit(request(Kind::Interrupt, 0x83)), Err(Refusal::NotFound));
    first.set_alternate(1, 1).unwrap();
    assert_eq!(second.submit(request(Kind::Interrupt, 0x83)), Err(Refusal::Busy));
    assert_eq!(first.submit(input(0x83, 8)), Err(Refusal::Invalid));
    first.release(1).unwrap();
    // Nobody has it, so a transfer takes it.
    second.submit(input(0x81, 8)).unwrap();
    second.release(0).unwrap();
    second.set_configuration(Some(7)).unwrap();
    assert_eq!((first.configuration(), second.claim(0)), (Ok(7), Err(Refusal::NotFound)));
    assert_eq!(first.set_configuration(Some(2)), Err(Refusal::NotFound));
    first.set_configuration(None).unwrap();
    assert_eq!(second.configuration(), Ok(0));
    drop(second);
    drop(first);
    let lines = [
        "OPEN",
        "OPEN #2",
        "CLAIM 1",
        "SET_INTERFACE 1 1",
        "SET_INTERFACE 1 0",
        "RELEASE 1",
        "CLAIM 0 #2",
        "NAK 0x81",
        "CANCEL 0x81",
        "RELEASE 0 #2",
        "SET_CONFIGURATION 7",
        "SET_CONFIGURATION 0",
        "CLOSE #2",
        "CLOSE",
    ];
    assert_eq!(trace(&board), lines);
}

#[test]
fn kernel_drivers_hold_their_interfaces() {
    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nkernel-driver = [0]");
    let board = Board::new(&toml::from_str(&config).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!((handle.kernel_driver(0), handle.kernel_driver(1)), (Ok(true), Ok(false)));
    assert_eq!(
        (handle.claim(0), handle.set_configuration(Some(1))),
        (Err(Refusal::Busy), Err(Refusal::Busy))
    );
    assert_eq!((handle.detach(1), handle.detach(9)), (Err(Refusal::NotFound), Err(Refusal::Invalid)));
    handle.detach(0).unwrap();
    handle.claim(0).unwrap();
    assert_eq!(handle.attach(0), Err(Refusal::Busy));
    handle.release(0).unwrap();
    handle.attach(0).unwrap();
    assert_eq!((handle.kernel_driver(0), handle.attach(1)), (Ok(true), Err(Refusal::NotFound)));
    let none = format!(
        "{config}\n[usb-system]\nno-kernel-drivers = true\nno-set-configuration = true\nno-hotplug = true"
    );
    let board = Board::new(&toml::from_str(&none).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.kernel_driver(0), Err(Refusal::Unsupported));
    assert_eq!(handle.set_configuration(Some(1)), Err(Refusal::Unsupported));
    assert!(board.usb().watch().is_err());
}

#[test]
fn unplugging_ends_everything_and_plugging_in_begins_anew() {
    let board = board(
        "[[cue]]\nname = 'out'\naction = [{ usb = 'dev', event = 'gone' }]\n\
        [[event]]\nat-ns = 50_000_000\naction = [{ usb = 'dev', event = 'arrived' }]",
    );
    let mut watch = board.usb().watch().unwrap();
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let pending = handle.submit(input(0x81, 64)).unwrap();
    board.cue("out").unwrap();
    assert_eq!(wait(&board, &mut handle, pending), failed(Status::Gone));
    assert_eq!((handle.claim(0), handle.reset().err()), (Err(Refusal::Gone), Some(Refusal::Gone)));
    assert_eq!(board.usb().devices(), Ok(vec![]));
    board.wait(50_000_000);
    let again = first(&board);
    assert_eq!(handle.configuration(), Err(Refusal::Gone));
    drop(handle);
    let changes = [watch.next(), watch.next(), watch.next()];
    assert!(matches!(&changes, [Some(Change::Left(gone)), Some(Change::Arrived(new)), None]
        if gone.id != again.id && *new == again && gone.address == new.address));
    assert_eq!(trace(&board), ["OPEN", "CLAIM 0", "NAK 0x81", "GONE", "ARRIVED", "CLOSE"]);
}

#[test]
fn a_device_can_fall_off_the_bus_in_the_middle() {
    let board = board(&replies("{ data = '00*64' }, 'gone'"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let completion = end(&board, &mut handle, input(0x81, 640));
    assert_eq!(completion, Completion { status: Status::Gone, data: vec![0; 64], packets: vec![], sent: 0 });
    assert_eq!(trace(&board), ["OPEN", "CLAIM 0", "IN 0x81 [00*64]", "GONE"]);
}

#[test]
fn a_reset_restores_what_was_in_force_or_loses_the_device() {
    let same = board("");
    let mut handle = open(&same);
    handle.claim(1).unwrap();
    handle.set_alternate(1, 1).unwrap();
    assert_eq!(handle.reset(), Ok(Reset::Same));
    assert_eq!(trace(&same)[3..], ["RESET", "SET_CONFIGURATION 1", "SET_INTERFACE 1 1"]);

    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nreset = 're-enumerates'");
    let board = Board::new(&toml::from_str(&config).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.reset(), Ok(Reset::Lost));
    assert_eq!(handle.configuration(), Err(Refusal::Gone));
    assert_eq!(first(&board).address, 2);
    assert_eq!(trace(&board), ["OPEN", "RESET", "GONE", "ARRIVED"]);
}

#[test]
fn a_system_says_what_it_cannot_do() {
    let board = board("[usb-system]\nno-port-reset = true\none-opener = true\n");
    let mut handle = open(&board);
    assert_eq!(handle.reset(), Err(Refusal::Unsupported));
    assert_eq!(board.usb().open(first(&board).id).err(), Some(Refusal::Busy));
    drop(handle);
    open(&board);
    assert_eq!(trace(&board), ["OPEN", "CLOSE", "OPEN #2", "CLOSE #2"]);
}
