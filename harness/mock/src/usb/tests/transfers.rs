//! Transfers: packets, lengths, halts, limits, frames and streams.

use super::*;

#[test]
fn a_full_packet_at_the_end_is_followed_by_an_empty_one_where_that_is_asked_for() {
    let board = board(LOOP);
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let zero = |data: &[u8]| Submission { zero_packet: true, ..output(data) };
    assert_eq!(end(&board, &mut handle, zero(&[7; 128])), sent(128));
    assert_eq!(end(&board, &mut handle, zero(&[7; 3])), sent(3));
    assert_eq!(end(&board, &mut handle, zero(&[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, output(&[7; 64])), sent(64));
    // So a reader with more room knows that it was all.
    assert_eq!(end(&board, &mut handle, input(0x81, 256)), ok(&[7; 128]));
    drop(handle);
    let lines = trace(&board);
    let out: Vec<_> = lines.iter().filter(|line| line.starts_with("OUT")).collect();
    assert_eq!(
        out,
        ["OUT 0x02 [07*128]", "OUT 0x02 []", "OUT 0x02 [07 07 07]", "OUT 0x02 []", "OUT 0x02 [07*64]"]
    );
}

#[test]
fn packets_come_back_as_they_went() {
    let board = board(LOOP);
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, output(&[7; 64])), sent(64));
    assert_eq!(end(&board, &mut handle, output(&[])), ok(&[]));
    // The full packet does not end a transfer that has more room; the empty one does.
    assert_eq!(end(&board, &mut handle, input(0x81, 128)), ok(&[7; 64]));
    drop(handle);
    let lines = [
        "OPEN",
        "CLAIM 0",
        "OUT 0x02 [07*64]",
        "OUT 0x02 []",
        "IN 0x81 [07*64]",
        "IN 0x81 []",
        "RELEASE 0",
        "CLOSE",
    ];
    assert_eq!(trace(&board), lines);
}

#[test]
fn a_long_reply_is_for_the_next_transfer_and_a_packet_that_does_not_fit_is_babble() {
    let board = board(&replies("{ data = '00+1*130' }, { packet = '00*65' }, 'zlp', { data = '01 02' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let counted: Vec<u8> = (0..130).collect();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&counted[..64]));
    assert_eq!(end(&board, &mut handle, input(0x81, 128)), ok(&counted[64..]));
    assert_eq!(end(&board, &mut handle, input(0x81, 640)), failed(Status::Overflow));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[]));
    assert_eq!(end(&board, &mut handle, input(0x81, 1)), failed(Status::Overflow));
}

#[test]
fn a_halt_lasts_until_it_is_cleared() {
    let board = board(&replies("{ data = '01' }, 'stall', { data = '02' }, 'error', 'nak', { data = '03' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[1]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Stall));
    assert_eq!(end(&board, &mut handle, control([0x82, 0, 0, 0, 0x81, 0, 2, 0], &[])), ok(&[1, 0]));
    handle.clear_halt(0x81).unwrap();
    assert_eq!(handle.clear_halt(0x85), Err(Refusal::NotFound));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[2]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), failed(Status::Error));
    let id = handle.submit(input(0x81, 64)).unwrap();
    assert_eq!((reap(&mut handle, id), board.idle()), (Poll::Pending, Idle::Dead));
    drop(handle);
    board.finish();
    let lines = trace(&board);
    assert_eq!(lines[lines.len() - 5..], ["NAK 0x81", "CANCEL 0x81", "RELEASE 0", "CLOSE", "UNUSED 0x81 1"]);
}

#[test]
fn clearing_a_halt_past_the_system_loses_a_packet() {
    let board = board(&replies("{ data = '01' }, { data = '02' }, { data = '03' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[1]));
    assert_eq!(end(&board, &mut handle, control([0x02, 1, 0, 0, 0x81, 0, 0, 0], &[])), ok(&[]));
    assert_eq!(end(&board, &mut handle, input(0x81, 64)), ok(&[3]));
    assert!(trace(&board).contains(&"DISCARD 0x81 [02]".to_owned()));
}

#[test]
fn waiting_transfers_run_in_order_and_end_at_their_limits() {
    let board =
        board(&replies("{ nak-ns = 5_000_000 }, { data = '01' }, { nak-ns = 5_000_000 }, { data = '02' }"));
    let mut handle = open(&board);
    handle.claim(0).unwrap();
    let limited = Submission { limit_ns: Some(7_000_000), ..input(0x81, 64) };
    let first = handle.submit(input(0x81, 64)).unwrap();
    let second = handle.submit(limited).unwrap();
    let start = board.now();
    assert_eq!(wait(&board, &mut handle, second), failed(Status::TimedOut));
    assert_eq!(board.trace().entries().last().map(|line| line.at), Some(start + 7_000_000));
    assert_eq!(wait(&board, &mut handle, first), ok(&[1]));
    assert_eq!(reap(&mut handle, first), Poll::Ready(Err(Refusal::NotFound)));
    // The device went on with its wait.
    let third = handle.submit(input(0x81, 64)).unwrap();
    assert_eq!(wait(&board, &mut handle, third), ok(&[2]));
    let lines = ["NAK 0x81", "IN 0x81 [01]", "NAK 0x81", "CANCEL 0x81", "NAK 0x81", "IN 0x81 [02]"];
    assert_eq!(trace(&board)[2..], lines);
    assert!(board.now() >= 10_000_000);
}

#[test]
fn isochronous_packets_go_at_their_frames() {
    let endpoint = "[[usb.dev.endpoint]]\naddress = 0x84\n\
        reply = [{ data = '00+1*20' }, 'error', 'zlp', { packet = '00*17' }]";
    let board = board(endpoint);
    let mut handle = open(&board);
    handle.claim(1).unwrap();
    handle.set_alternate(1, 1).unwrap();
    let packets = |packets: &[u32]| Submission {
        packets: packets.to_vec(),
        room: packets.iter().sum(),
        ..request(Kind::Isochronous, 0x84)
    };
    let start = board.now();
    let completion = end(&board, &mut handle, packets(&[16, 16, 16, 16, 16, 16]));
    assert!(board.now() >= start + 6_000_000);
    let packet = |status, data: &[u8]| Packet { status, data: data.to_vec(), sent: 0 };
    let expected = [
        packet(Status::Completed, &(0..16).collect::<Vec<u8>>()),
        packet(Status::Completed, &[16, 17, 18, 19]),
        packet(Status::Error, &[]),
        packet(Status::Completed, &[]),
        packet(Status::Overflow, &[]),
        packet(Status::Completed, &[]),
    ];
    assert_eq!(completion.packets, expected);
    let line = "ISO 0x84 [00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f] [10 11 12 13] ERROR [] BABBLE []";
    assert_eq!(trace(&board).last().map(String::as_str), Some(line));
    assert_eq!(handle.submit(packets(&[])), Err(Refusal::Invalid));
    assert_eq!(handle.submit(Submission { room: 5, ..packets(&[16]) }), Err(Refusal::Invalid));
}

#[test]
fn streams_are_granted_to_bulk_endpoints_at_superspeed() {
    let full = board("");
    let mut handle = open(&full);
    handle.claim(0).unwrap();
    assert_eq!(handle.alloc_streams(4, &[0x81]), Err(Refusal::Invalid));
    let config = LOOPBACK.replace("[usb.dev]", "[usb.dev]\nspeed = 'super'\nstreams = 2");
    let board = Board::new(&toml::from_str(&(config + &replies("{ data = '01' }"))).unwrap()).unwrap();
    let mut handle = open(&board);
    assert_eq!(handle.alloc_streams(4, &[0x8f]), Err(Refusal::NotFound));
    assert_eq!(handle.alloc_streams(4, &[0x81, 0x02]), Ok(2));
    assert_eq!(handle.submit(Submission { stream: 3, ..input(0x81, 64) }), Err(Refusal::Invalid));
    assert_eq!(end(&board, &mut handle, Submission { stream: 2, ..input(0x81, 64) }), ok(&[1]));
    handle.free_streams(&[0x81, 0x02]).unwrap();
    assert_eq!(handle.free_streams(&[0x81]), Err(Refusal::Invalid));
    let lines = ["CLAIM 0", "ALLOC_STREAMS 2 0x81 0x02", "IN 0x81 #2 [01]", "FREE_STREAMS 0x81 0x02"];
    assert_eq!(trace(&board)[1..], lines);
}

#[test]
fn a_driver_learns_of_its_transfer_when_another_driver_moves_it() {
    let board = board(
        "[[cue]]\nname = 'say'\n\
         action = [{ usb = 'dev', event = { reply = { endpoint = 0x81, reply = [{ data = '0f' }] } } }]",
    );
    board.make_places(2);
    std::thread::scope(|scope| {
        let first = board.clone();
        scope.spawn(move || {
            let _turn = first.take_turn(0);
            let mut handle = open(&first);
            handle.claim(0).unwrap();
            assert_eq!(end(&first, &mut handle, input(0x81, 64)), ok(&[0x0f]));
            assert!(first.now() < 1_000_000, "it waited for the other one, until {}", first.now());
        });
        let second = board.clone();
        scope.spawn(move || {
            let _turn = second.take_turn(1);
            second.cue("say").unwrap();
            second.wait(1_000_000);
        });
    });
}
