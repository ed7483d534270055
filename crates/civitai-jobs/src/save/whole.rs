//! Whether a file came whole where nobody announced its size: by what its format says of its end.

/// As many last bytes as are kept.
const TAIL: usize = 32;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PNG_END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";

/// Follows a file from its beginning to its end.
#[derive(Debug, Default)]
pub(super) struct Whole {
    length: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
    /// Where the next box of an MP4 begins, and its header as far as it came.
    next_box: u64,
    box_header: Vec<u8>,
}

impl Whole {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let missing = TAIL.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        if self.is_mp4() {
            self.follow_boxes(bytes);
        }
        self.length += length(bytes);
        self.tail
            .extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }

    /// Whether the format says that something is missing. Formats that do not tell are never cut.
    pub(super) fn is_cut(&self) -> bool {
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
        self.is_mp4() && self.length < self.next_box
    }

    fn is_mp4(&self) -> bool {
        self.head.get(4..8) == Some(b"ftyp")
    }

    /// Reads the headers of the boxes that begin within these bytes.
    fn follow_boxes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        let mut at = self.length;
        loop {
            let ahead = self.next_box + length(&self.box_header) - at;
            let Some(begun) = usize::try_from(ahead)
                .ok()
                .and_then(|ahead| rest.get(ahead..))
            else {
                return;
            };
            at += ahead;
            let wanted = match self.box_header.get(..4) {
                Some([0, 0, 0, 1]) => 16,
                _ => 8,
            };
            let taken = begun.len().min(wanted - self.box_header.len());
            self.box_header.extend_from_slice(&begun[..taken]);
            rest = &begun[taken..];
            at += length(&begun[..taken]);
            let Some(size) = box_size(&self.box_header) else {
                if rest.is_empty() {
                    return;
                }
                continue;
            };
            self.next_box = match size {
                // The last box goes on to the end of the file, wherever that is.
                0 => return self.box_header.clear(),
                size => self.next_box.saturating_add(size.max(8)),
            };
            self.box_header.clear();
            if self.next_box < at {
                // Boxes that overlap are no boxes: nothing can be told.
                self.next_box = 0;
                return self.head.clear();
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
            assert!(
                !whole.is_cut() || file.starts_with(b"\0\0\0\x04"),
                "{file:?}"
            );
        }
    }
}
