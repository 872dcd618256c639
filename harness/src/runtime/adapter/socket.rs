//! The socket beside an adapter's conversation: what is inside the process and speaks no protocol by the adapter's
//! hand, such as a C library that stands for a driver, reaches the board there.

use super::serve::{SOCKET, Server};
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use wasi_hw_mock::Board;
use wasi_hw_protocol::{
    Answer, Clock, FromAdapter, Lines, Outcome, Refused, Start, ToAdapter, VERSION, write,
};
use wasi_hw_seam::Refusal;

/// The most connections of one process at a time: one for each of its threads.
const MOST_CONNECTIONS: usize = 256;

/// A socket for one process. It listens on the loopback interface, which every platform has.
pub struct Socket {
    address: SocketAddr,
    desk: Arc<Desk>,
}

/// What the connections share.
#[derive(Default)]
struct Desk {
    server: Mutex<Option<Arc<Server>>>,
    closed: AtomicBool,
    used: AtomicBool,
}

impl Socket {
    /// Opens a socket, behind which there is no board yet.
    pub fn open() -> io::Result<Socket> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let desk = Arc::<Desk>::default();
        let shared = Arc::clone(&desk);
        thread::Builder::new()
            .name("socket of an adapter".to_owned())
            .spawn(move || listen(&listener, &shared))?;
        Ok(Socket { address, desk })
    }

    /// What the environment names it by.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Serves this board to a process that is no adapter, with a clock of its own, until the socket is dropped.
    pub fn serve_board(&self, board: &Board) {
        self.serve(Some(Arc::new(Server::new(board, &Arc::default(), Clock::Own))));
    }

    /// The process has ended: closes what it left open, and marks that in the board's trace.
    pub fn end(&self) {
        let served = self.desk.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(server) = served {
            server.end();
        }
    }

    /// Whether somebody has ever connected.
    pub fn was_used(&self) -> bool {
        self.desk.used.load(Ordering::Acquire)
    }

    /// Puts a run's board behind it, or none.
    pub(super) fn serve(&self, server: Option<Arc<Server>>) {
        *self.desk.server.lock().unwrap_or_else(PoisonError::into_inner) = server;
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.serve(None);
        self.desk.closed.store(true, Ordering::Release);
        // Whoever listens is woken, to see that. Where that fails nobody listens any more.
        let _ = TcpStream::connect(self.address);
    }
}

fn listen(listener: &TcpListener, desk: &Arc<Desk>) {
    for connection in listener.incoming() {
        if desk.closed.load(Ordering::Acquire) {
            return;
        }
        let Ok(connection) = connection else { continue };
        desk.used.store(true, Ordering::Release);
        if Arc::strong_count(desk) > MOST_CONNECTIONS {
            continue;
        }
        let desk = Arc::clone(desk);
        // What comes of a connection is its other side's affair; one that cannot have a thread is closed.
        let _ = thread::Builder::new()
            .name("connection of an adapter".to_owned())
            .spawn(move || converse(&connection, &desk));
    }
}

/// One connection: the greeting, then an answer to each `ask`. Whatever else comes ends it.
fn converse(connection: &TcpStream, desk: &Desk) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut lines = Lines::new(BufReader::with_capacity(64 << 10, connection));
    let mut to = connection;
    write(&mut to, &ToAdapter::<()>::Start(Start { protocol: VERSION.to_owned() }))?;
    while let Ok(line) = lines.next_line() {
        let Ok(FromAdapter::Ask(ask)) = serde_json::from_str(line) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let server = desk.server.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let outcome = match server {
            Some(server) => server.drive(SOCKET, ask.op),
            None => {
                Outcome::Refused(Refused { code: Refusal::Missing.into(), why: "no case runs".to_owned() })
            }
        };
        write(&mut to, &ToAdapter::<()>::Answer(Answer { guest: ask.guest, outcome }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Socket;
    use crate::suite::fixture::Fixture;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use wasi_hw_mock::Board;

    fn served() -> (Board, Socket) {
        let text = include_str!("../../../suite/fixtures/usb/loopback.toml");
        let fixture: Fixture = toml::from_str(text).unwrap();
        let board = Board::new(&fixture.device).unwrap();
        let socket = Socket::open().unwrap();
        socket.serve_board(&board);
        (board, socket)
    }

    /// A connection, after its greeting.
    fn connect(socket: &Socket) -> BufReader<TcpStream> {
        let mut connection = BufReader::new(TcpStream::connect(socket.address()).unwrap());
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        assert!(line.starts_with("{\"start\":{\"protocol\":"), "{line}");
        connection
    }

    fn say(connection: &mut BufReader<TcpStream>, line: &str) -> String {
        writeln!(connection.get_mut(), "{line}").unwrap();
        let mut answer = String::new();
        connection.read_line(&mut answer).unwrap();
        answer
    }

    const DEVICES: &str = r#"{"ask":{"op":{"usb-devices":{}}}}"#;

    #[test]
    fn a_connection_is_greeted_and_answered() {
        let (_board, socket) = served();
        let mut connection = connect(&socket);
        let answer = say(&mut connection, DEVICES);
        assert!(answer.contains(r#""descriptor":"120100"#), "{answer}");
        let refused = say(&mut connection, r#"{"ask":{"op":{"saw":{"line":"nobody's"}}}}"#);
        assert!(refused.contains(r#""refused":{"code":"invalid""#), "{refused}");
        let open = say(&mut connection, r#"{"ask":{"op":{"usb-claim":{"handle":77,"interface":0}}}}"#);
        assert!(open.contains("no-handle"), "{open}");
    }

    #[test]
    fn a_wait_on_one_connection_does_not_hold_up_another() {
        let (_board, socket) = served();
        let (mut one, mut other) = (connect(&socket), connect(&socket));
        writeln!(one.get_mut(), r#"{{"ask":{{"op":{{"wait":{{"ns":200000000,"hotplug":true}}}}}}}}"#)
            .unwrap();
        assert!(say(&mut other, DEVICES).contains("descriptor"));
        let mut woken = String::new();
        one.read_line(&mut woken).unwrap();
        assert!(woken.contains(r#""time":true"#), "{woken}");
    }

    #[test]
    fn what_is_no_question_ends_its_connection_and_no_other() {
        let (_board, socket) = served();
        let mut good = connect(&socket);
        for bad in ["{", "null", r#"{"done":{"run":1,"how":"returned"}}"#, r#"{"ask":{"op":{"usb-fly":{}}}}"#]
        {
            let mut connection = connect(&socket);
            writeln!(connection.get_mut(), "{bad}").unwrap();
            let mut rest = Vec::new();
            connection.read_to_end(&mut rest).unwrap();
            assert!(rest.is_empty(), "{bad}");
        }
        assert!(say(&mut good, DEVICES).contains("descriptor"));
    }

    #[test]
    fn where_no_case_runs_everything_is_refused() {
        let socket = Socket::open().unwrap();
        assert!(say(&mut connect(&socket), DEVICES).contains(r#""code":"missing""#));
    }
}
