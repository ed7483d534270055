//! Whether a file came whole where nobody announced its size: by what its format says of its end.

use reqwest::Response;
use reqwest::header::TRANSFER_ENCODING;

use crate::kind::PNG;

/// As many last bytes as are kept.
const TAIL: usize = 32;

const PNG_END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";

/// Follows a file from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Whole {
    length: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
    /// The boxes that an MP4 is made of; none where it cannot be one, or its end cannot be told.
    boxes: Option<Boxes>,
}

impl Default for Whole {
    fn default() -> Self {
        Self {
            length: 0,
            head: Vec::new(),
            tail: Vec::new(),
            boxes: Some(Boxes::default()),
        }
    }
}

impl Whole {
    /// What follows the body of a reply where nothing but the end of the connection ends it, so that a
    /// cut looks like an end.
    pub(crate) fn of(reply: &Response) -> Option<Self> {
        // A browser does not tell the version, and sees to what is announced.
        #[cfg(target_family = "wasm")]
        let is_new = false;
        #[cfg(not(target_family = "wasm"))]
        let is_new = reply.version() > reqwest::Version::HTTP_11;
        let is_announced = is_new
            || reply.content_length().is_some()
            || reply.headers().contains_key(TRANSFER_ENCODING);
        (!is_announced).then(Self::default)
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let missing = TAIL.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        if self.head.len() >= 8 && !self.is_mp4() {
            self.boxes = None;
        }
        let at = self.length;
        self.boxes = self.boxes.take().and_then(|boxes| boxes.follow(at, bytes));
        self.length += length(bytes);
        self.tail
            .extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }

    /// Whether the format says that something is missing. Formats that do not tell are never cut.
    pub(crate) fn is_cut(&self) -> bool {
        let head = &self.head[..];
        if head.starts_with(PNG) {
            return !self.tail.ends_with(PNG_END);
        }
        if head.starts_with(b"\xff\xd8\xff") {
            // Some writers put a few bytes behind the end.
            return !self.tail.windows(2).any(|end| end == b"\xff\xd9");
        }
        if head.starts_with(b"GIF8") {
            return self.tail.last() != Some(&b';');
        }
        if head.starts_with(b"RIFF") {
            return number(head, 4).is_some_and(|size| self.length < u64::from(size) + 8);
        }
        if head.starts_with(b"glTF") {
            return number(head, 8).is_some_and(|size| self.length < u64::from(size));
        }
        let boxes = self.boxes.as_ref().filter(|_| self.is_mp4());
        boxes.is_some_and(|boxes| self.length < boxes.next || !boxes.header.is_empty())
    }

    fn is_mp4(&self) -> bool {
        self.head.get(4..8) == Some(b"ftyp")
    }
}

/// Where the next box begins, and its header as far as it came.
#[derive(Debug, Default)]
struct Boxes {
    next: u64,
    header: Vec<u8>,
}

impl Boxes {
    /// Reads the headers in these bytes, which begin `at` in the file; gives up on what is no box, and on
    /// one without a size, which goes on to the end of the file.
    fn follow(mut self, mut at: u64, mut bytes: &[u8]) -> Option<Self> {
        loop {
            let header = length(&self.header);
            let ahead = self.next.saturating_add(header).checked_sub(at)?;
            let begun = usize::try_from(ahead)
                .ok()
                .and_then(|ahead| bytes.get(ahead..));
            let Some(begun) = begun.filter(|begun| !begun.is_empty()) else {
                return Some(self);
            };
            let wanted = match self.header.get(..4) {
                Some([0, 0, 0, 1]) => 16,
                Some(_) => 8,
                None => 4,
            };
            let taken = begun.len().min(wanted - self.header.len());
            self.header.extend_from_slice(&begun[..taken]);
            (at, bytes) = (at + ahead + length(&begun[..taken]), &begun[taken..]);
            if let Some(size) = box_size(&self.header) {
                let begins = self.next;
                self.next = begins.checked_add(size).filter(|next| *next >= at)?;
                self.header.clear();
            }
        }
    }
}

/// The size of a box, once its header is there.
fn box_size(header: &[u8]) -> Option<u64> {
    let short = u32::from_be_bytes(*header.first_chunk()?);
    match short {
        1 => Some(u64::from_be_bytes(header.get(8..16)?.try_into().ok()?)),
        _ if header.len() < 8 => None,
        short => Some(short.into()),
    }
}

fn number(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mp4() -> Vec<u8> {
        let mut file = Vec::new();
        for (kind, body) in [(b"ftyp", 16), (b"mdat", 200), (b"moov", 40)] {
            file.extend(u32::to_be_bytes(8 + body));
            file.extend(kind);
            file.extend(vec![7; body as usize]);
        }
        // One whose size takes 64 bits.
        file.extend(b"\0\0\0\x01free");
        file.extend(u64::to_be_bytes(16 + 9));
        file.extend([0; 9]);
        file
    }

    fn files() -> Vec<(&'static str, Vec<u8>)> {
        let chunk =
            |start: &[u8], body: usize, end: &[u8]| [start, &vec![b'x'; body], end].concat();
        let riff = [&b"RIFF"[..], &u32::to_le_bytes(60), &[b'x'; 60]].concat();
        let gltf = [&b"glTF\x02\0\0\0"[..], &u32::to_le_bytes(90), &[b'x'; 78]].concat();
        vec![
            ("png", chunk(PNG, 70, PNG_END)),
            ("jpg", chunk(b"\xff\xd8\xff\xe0", 70, b"\xff\xd9")),
            ("gif", chunk(b"GIF89a", 70, b";")),
            ("webp", riff),
            ("glb", gltf),
            ("mp4", mp4()),
        ]
    }

    #[test]
    fn a_file_is_whole_at_its_end_and_cut_before_it_however_it_comes() {
        for (name, file) in files() {
            for step in [1, 3, 7, 64, file.len()] {
                for end in 33..=file.len() {
                    let mut whole = Whole::default();
                    file[..end].chunks(step).for_each(|bytes| whole.add(bytes));
                    // A box may end anywhere, and whether one more was to come nobody knows.
                    let may_be_whole =
                        end == file.len() || (name == "mp4" && [24, 232, 280].contains(&end));
                    assert_eq!(whole.is_cut(), !may_be_whole, "{name} {step} {end}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_tell_is_never_cut() {
        for file in [
            &b"a lighthouse"[..],
            b"",
            b"\0\0\0\0ftypisom",
            b"\0\0\0\x04ftypisom.....",
        ] {
            let mut whole = Whole::default();
            whole.add(file);
            assert!(!whole.is_cut(), "{file:?}");
        }
    }
}
