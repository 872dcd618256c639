//! The socket beside an adapter's conversation: what is inside the process and speaks no protocol by the adapter's
//! hand, such as a C library that stands for a driver, reaches the board there.

use super::secret::Secret;
use super::serve::{SOCKET, Server};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use wasi_hw_mock::Board;
use wasi_hw_protocol::{
    Answer, Clock, FromAdapter, MOST_BYTES, Outcome, Refused, Start, ToAdapter, VERSION, write,
};
use wasi_hw_seam::Refusal;

/// The most connections of one process at a time: one for each of its threads.
const MOST_CONNECTIONS: usize = 256;

/// The most connections that have not said the secret; of more, the oldest is closed.
const MOST_STRANGERS: usize = 64;

/// A line that is longer than this, in bytes, has to wait until no other connection reads such a one: all together they
/// take no more memory than one line does.
const SHORT: u64 = 64 << 10;

/// A socket for one process. It listens on the loopback interface, which every platform has and every user of a machine
/// reaches; so it answers to whoever says its secret.
pub struct Socket {
    address: SocketAddr,
    desk: Arc<Desk>,
}

/// What the connections share.
struct Desk {
    secret: Secret,
    server: Mutex<Option<Arc<Server>>>,
    strangers: Mutex<VecDeque<Arc<TcpStream>>>,
    connections: AtomicUsize,
    long_line: Mutex<()>,
    closed: AtomicBool,
    used: AtomicBool,
}

impl Socket {
    /// Opens a socket, behind which there is no board yet.
    pub fn open() -> io::Result<Socket> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            secret: Secret::new()?,
            server: Mutex::default(),
            strangers: Mutex::default(),
            connections: AtomicUsize::new(0),
            long_line: Mutex::default(),
            closed: AtomicBool::new(false),
            used: AtomicBool::new(false),
        });
        let shared = Arc::clone(&desk);
        thread::Builder::new()
            .name("socket of an adapter".to_owned())
            .spawn(move || listen(&listener, &shared))?;
        Ok(Socket { address, desk })
    }

    /// What the environment names it by: for nobody but the process that it is for.
    pub fn address(&self) -> String {
        format!("{}/{}", self.address, self.desk.secret.text())
    }

    /// What must not be told of it.
    pub(super) fn secret(&self) -> &Secret {
        &self.desk.secret
    }

    /// Serves this board to a process that is no adapter, with a clock of its own, until the socket is dropped.
    pub fn serve_board(&self, board: &Board) {
        let server = Server::new(board, &Arc::default(), Clock::Own, self.secret());
        self.serve(Some(Arc::new(server)));
    }

    /// The process has ended: closes what it left open, and marks that in the board's trace.
    pub fn end(&self) {
        let served = self.desk.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(server) = served {
            server.end();
        }
    }

    /// Whether the process has ever connected.
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
        let connection = Arc::new(connection);
        let mut strangers = desk.strangers();
        strangers.push_back(Arc::clone(&connection));
        if strangers.len() > MOST_STRANGERS
            && let Some(oldest) = strangers.pop_front()
        {
            // Its thread sees the end, and ends.
            let _ = oldest.shutdown(Shutdown::Both);
        }
        drop(strangers);
        let shared = Arc::clone(desk);
        let stranger = Arc::clone(&connection);
        // What comes of a connection is its other side's affair; one that cannot have a thread is closed.
        let spawned = thread::Builder::new().name("connection of an adapter".to_owned()).spawn(move || {
            let mut from = BufReader::with_capacity(64 << 10, &*stranger);
            if let Ok(true) = shared.enters(&stranger, &mut from) {
                let _ = converse(&stranger, &mut from, &shared);
                shared.connections.fetch_sub(1, Ordering::Relaxed);
            }
        });
        if spawned.is_err() {
            desk.forget(&connection);
        }
    }
}

impl Desk {
    fn strangers(&self) -> std::sync::MutexGuard<'_, VecDeque<Arc<TcpStream>>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, stranger: &Arc<TcpStream>) {
        self.strangers().retain(|other| !Arc::ptr_eq(other, stranger));
    }

    /// Whether a connection begins with the secret, and there is room for it; it is then counted.
    fn enters(&self, stranger: &Arc<TcpStream>, from: &mut impl BufRead) -> io::Result<bool> {
        let mut line = Vec::new();
        let read = from.take(self.secret.text().len() as u64 + 1).read_until(b'\n', &mut line);
        self.forget(stranger);
        read?;
        if line.strip_suffix(b"\n") != Some(self.secret.text().as_bytes()) {
            return Ok(false);
        }
        self.used.store(true, Ordering::Release);
        let room = self.connections.fetch_add(1, Ordering::Relaxed) < MOST_CONNECTIONS;
        if !room {
            self.connections.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(room)
    }

    /// The next message, if it is one.
    fn next(&self, from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<FromAdapter> {
        line.clear();
        line.shrink_to(SHORT as usize);
        from.take(SHORT).read_until(b'\n', line)?;
        let long = (line.len() as u64 == SHORT && line.last() != Some(&b'\n'))
            .then(|| self.long_line.lock().unwrap_or_else(PoisonError::into_inner));
        if long.is_some() {
            from.take(MOST_BYTES as u64 + 1 - SHORT).read_until(b'\n', line)?;
        }
        // The end of the stream is none of a line.
        line.pop_if(|last| *last == b'\n').ok_or(io::ErrorKind::UnexpectedEof)?;
        let message = serde_json::from_slice(line)?;
        if long.is_some() {
            *line = Vec::new();
        }
        Ok(message)
    }
}

/// One connection: the greeting, then an answer to each `ask`. Whatever else comes ends it.
fn converse(connection: &TcpStream, from: &mut impl BufRead, desk: &Desk) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut to = connection;
    write(&mut to, &ToAdapter::<()>::Start(Start { protocol: VERSION.to_owned() }))?;
    let mut line = Vec::new();
    loop {
        let FromAdapter::Ask(ask) = desk.next(from, &mut line)? else {
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
}

#[cfg(test)]
mod tests {
    use super::{MOST_STRANGERS, Socket};
    use crate::suite::fixture::Fixture;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use wasi_hw_mock::Board;
    use wasi_hw_protocol::address_and_secret;

    fn served() -> (Board, Socket) {
        let text = include_str!("../../../suite/fixtures/usb/loopback.toml");
        let fixture: Fixture = toml::from_str(text).unwrap();
        let board = Board::new(&fixture.device).unwrap();
        let socket = Socket::open().unwrap();
        socket.serve_board(&board);
        (board, socket)
    }

    /// A connection that says this first.
    fn enter(socket: &Socket, said: &str) -> BufReader<TcpStream> {
        let address = socket.address();
        let (address, _) = address_and_secret(&address).unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        // A stranger may be refused before it has said everything; whoever is let in is greeted.
        let _ = connection.write_all(said.as_bytes());
        BufReader::new(connection)
    }

    /// A connection, after its greeting.
    fn connect(socket: &Socket) -> BufReader<TcpStream> {
        let mut connection = enter(socket, &format!("{}\n", socket.secret().text()));
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

    #[test]
    fn a_stranger_is_not_greeted() {
        let (board, socket) = served();
        let secret = socket.secret().text().to_owned();
        let longer = format!("{secret}0\n");
        for said in ["\n", "secret\n", DEVICES, &secret[1..], &longer, &"x".repeat(1 << 20)] {
            let mut connection = enter(&socket, said);
            let _ = connection.get_mut().shutdown(std::net::Shutdown::Write);
            let mut rest = Vec::new();
            // Where something is left unread, the system says so in its own way.
            let _ = connection.read_to_end(&mut rest);
            assert!(rest.is_empty(), "{said}");
        }
        assert!(!socket.was_used() && board.trace().entries().is_empty());
        // Those who say nothing keep nobody out.
        let silent: Vec<_> = (0..3 * MOST_STRANGERS).map(|_| enter(&socket, "")).collect();
        assert!(say(&mut connect(&socket), DEVICES).contains("descriptor"));
        assert!(socket.was_used());
        drop(silent);
    }

    #[test]
    fn long_lines_are_read_one_at_a_time() {
        let (_board, socket) = served();
        let (mut one, mut other) = (connect(&socket), connect(&socket));
        let line = |bytes: usize| {
            format!(
                r#"{{"ask":{{"op":{{"usb-submit":{{"handle":1,"endpoint":1,"kind":"bulk","write":"{}"}}}}}}}}"#,
                "00".repeat(bytes)
            )
        };
        // Half of a long line holds up another long one, and none that is short.
        let long = line(100_000);
        let (half, rest) = long.split_at(150_000);
        one.get_mut().write_all(half.as_bytes()).unwrap();
        assert!(say(&mut other, DEVICES).contains("descriptor"));
        writeln!(one.get_mut(), "{rest}").unwrap();
        let mut answer = String::new();
        one.read_line(&mut answer).unwrap();
        assert!(answer.contains("no-handle"), "{answer}");
        assert!(say(&mut other, &line(100_000)).contains("no-handle"));
        // What has no end within 16 MiB is the end of its connection.
        let mut endless = connect(&socket);
        let part = vec![b'x'; 1 << 20];
        while endless.get_mut().write_all(&part).is_ok() {}
        assert!(say(&mut one, DEVICES).contains("descriptor"));
    }
}
