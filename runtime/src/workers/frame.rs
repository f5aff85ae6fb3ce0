//! What goes over the socket.
//!
//! A request is a header (length of the arguments, entry, length of its name, time left, number of the call), the name, and
//! the arguments. Large arguments are in a file instead, whose descriptor comes with the header. A reply is a kind, the
//! number of its call, a length and bytes.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use crate::calls::{Kind, Reply};
use crate::time_left;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};

/// Arguments of more bytes than this are in a file. Fewer fit in the socket's buffer, so that sending does not block.
pub(super) const LARGE: usize = 64 * 1024;

const HEADER: usize = 32;
const NO_DEADLINE: u64 = u64::MAX;

/// Space for the header, in front of the arguments.
pub(super) fn begin(name: &str) -> Vec<u8> {
    let mut request = vec![0; HEADER];
    request.extend_from_slice(name.as_bytes());
    request
}

/// The arguments of a request.
pub(super) fn arguments<'r>(request: &'r [u8], name: &str) -> &'r [u8] {
    &request[HEADER + name.len()..]
}

/// A request, as a worker receives it.
pub(super) struct Request {
    pub(super) number: u64,
    pub(super) entry: u32,
    pub(super) name: Vec<u8>,
    pub(super) time_left: Option<Duration>,
    pub(super) arguments: Vec<u8>,
}

/// Fills in the header and sends it all.
pub(super) fn send(socket: &UnixStream, request: &mut [u8], name: &str, entry: u32, number: u64) -> io::Result<()> {
    let start = HEADER + name.len();
    let length = (request.len() - start) as u64;
    let left = time_left().map_or(NO_DEADLINE, |left| u64::try_from(left.as_nanos()).unwrap_or(NO_DEADLINE));
    let name_length = u32::try_from(name.len()).map_err(io::Error::other)?;
    request[..8].copy_from_slice(&length.to_le_bytes());
    request[8..12].copy_from_slice(&entry.to_le_bytes());
    request[12..16].copy_from_slice(&name_length.to_le_bytes());
    request[16..24].copy_from_slice(&left.to_le_bytes());
    request[24..32].copy_from_slice(&number.to_le_bytes());
    let is_large = request.len() - start > LARGE;
    if !is_large {
        return (&*socket).write_all(request);
    }
    let (head, arguments) = request.split_at(start);
    send_with_file(socket, head, &file_of(arguments)?)
}

/// The arguments in memory of their own, which the other process can read through a descriptor.
fn file_of(arguments: &[u8]) -> io::Result<File> {
    let mut file = anonymous_file()?;
    file.write_all(arguments)?;
    file.rewind()?;
    Ok(file)
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn anonymous_file() -> io::Result<File> {
    let file = rustix::fs::memfd_create("festoon", rustix::fs::MemfdFlags::CLOEXEC)?;
    Ok(File::from(file))
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
fn anonymous_file() -> io::Result<File> {
    use std::sync::atomic::{AtomicU64, Ordering};

    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("festoon-{}-{number}", std::process::id()));
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

fn send_with_file(socket: &UnixStream, head: &[u8], file: &File) -> io::Result<()> {
    let descriptors = [file.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
    let sent = sendmsg(socket, &[io::IoSlice::new(head)], &mut ancillary, SendFlags::empty())?;
    (&*socket).write_all(&head[sent..])
}

/// The next request; `None` at the end.
pub(super) fn receive(socket: &UnixStream, buffer: &mut [u8]) -> io::Result<Option<Request>> {
    let (mut read, file) = receive_some(socket, buffer)?;
    if read == 0 {
        return Ok(None);
    }
    let mut socket = socket;
    while read < HEADER {
        read += more(socket.read(&mut buffer[read..HEADER])?)?;
    }
    let number = |from: usize| u32::from_le_bytes([buffer[from], buffer[from + 1], buffer[from + 2], buffer[from + 3]]);
    let long = |from: usize| u64::from(number(from)) | u64::from(number(from + 4)) << 32;
    let (length, entry, name_length, left, call) = (long(0), number(8), number(12) as usize, long(16), long(24));
    let in_socket = name_length + if file.is_some() { 0 } else { usize::try_from(length).map_err(io::Error::other)? };
    let mut rest = buffer[HEADER..read].to_vec();
    let missing = in_socket.saturating_sub(rest.len());
    socket.take(missing as u64).read_to_end(&mut rest)?;
    let mut arguments = rest.split_off(name_length.min(rest.len()));
    if let Some(mut file) = file {
        file.read_to_end(&mut arguments)?;
    }
    let time_left = (left != NO_DEADLINE).then(|| Duration::from_nanos(left));
    Ok(Some(Request { number: call, entry, name: rest, time_left, arguments }))
}

fn more(read: usize) -> io::Result<usize> {
    if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(read) }
}

/// What is there, and the file that came with it.
fn receive_some(socket: &UnixStream, buffer: &mut [u8]) -> io::Result<(usize, Option<File>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received = loop {
        let mut into = [io::IoSliceMut::new(buffer)];
        match recvmsg(socket, &mut into, &mut ancillary, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            received => break received?,
        }
    };
    let descriptors = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    });
    let file: Option<OwnedFd> = descriptors.last();
    Ok((received.bytes, file.map(File::from)))
}

impl Reply {
    pub(super) fn send(&self, number: u64, socket: &UnixStream) -> io::Result<()> {
        let mut frame = Vec::with_capacity(17 + self.bytes.len());
        frame.push(self.kind as u8);
        frame.extend_from_slice(&number.to_le_bytes());
        frame.extend_from_slice(&(self.bytes.len() as u64).to_le_bytes());
        frame.extend_from_slice(&self.bytes);
        (&*socket).write_all(&frame)
    }

    /// The next one, and the number of its call.
    pub(super) fn receive(socket: &mut impl Read) -> io::Result<(u64, Self)> {
        let mut head = [0; 17];
        socket.read_exact(&mut head)?;
        let kind = Kind::read(head[0]).ok_or(io::ErrorKind::InvalidData)?;
        let long = |from: usize| u64::from_le_bytes(std::array::from_fn(|at| head[from + at]));
        let (number, length) = (long(1), long(9));
        let mut bytes = Vec::new();
        let read = socket.take(length).read_to_end(&mut bytes)?;
        if read as u64 == length {
            Ok((number, Reply { kind, bytes }))
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}
