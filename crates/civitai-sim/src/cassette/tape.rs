//! The file of a cassette: written line by line, read whole.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::error::CassetteError;
use super::exchange::{Exchange, Header, VERSION};

/// Bytes of a cassette, at most.
pub(super) const AT_MOST: u64 = 1 << 30;

/// A cassette that is being recorded.
#[derive(Debug)]
pub(super) struct Tape {
    path: PathBuf,
    file: File,
    size: u64,
    /// Why no more is written.
    failed: Option<io::Error>,
}

impl Tape {
    /// Begins a new file.
    pub(super) fn begin(path: &Path, header: &Header) -> Result<Self, CassetteError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let file = file.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => CassetteError::Exists { path: path.into() },
            _ => failed(path, source),
        })?;
        let mut tape = Self {
            path: path.into(),
            file,
            size: 0,
            failed: None,
        };
        let line = serde_json::to_vec(header).map_err(|error| failed(path, error.into()))?;
        tape.put(line).map_err(|source| failed(path, source))?;
        Ok(tape)
    }

    /// Whether another exchange can be written; one that is under way always is.
    pub(super) fn has_room(&self) -> bool {
        self.failed.is_none() && self.size < AT_MOST
    }

    /// Writes an exchange as a whole line, so that whatever ends the program leaves whole lines.
    pub(super) fn add(&mut self, exchange: &Exchange) {
        if self.failed.is_some() {
            return;
        }
        let line = serde_json::to_vec(exchange).map_err(io::Error::from);
        self.failed = line.and_then(|line| self.put(line)).err();
    }

    /// Says why writing has ended before its time.
    pub(super) fn end(&mut self) -> Result<(), CassetteError> {
        match self.failed.take() {
            Some(source) => Err(failed(&self.path, source)),
            None => Ok(()),
        }
    }

    fn put(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.size += u64::try_from(line.len()).unwrap_or(u64::MAX);
        Ok(())
    }
}

/// Reads a cassette; a last line without an end is one that was never finished.
pub(super) fn read(path: &Path) -> Result<(Header, Vec<Exchange>), CassetteError> {
    let file = File::open(path).map_err(|source| failed(path, source))?;
    let metadata = file.metadata().map_err(|source| failed(path, source))?;
    // A line that was begun below the bound may end behind it.
    let at_most = AT_MOST * 2;
    if metadata.len() > at_most {
        return Err(CassetteError::Size {
            path: path.into(),
            size: metadata.len(),
            at_most,
        });
    }
    let bad = |line| {
        move |source| CassetteError::Line {
            path: path.into(),
            line,
            source,
        }
    };
    let (mut header, mut exchanges) = (None, Vec::new());
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        read.map_err(|source| failed(path, source))?;
        if line.last() != Some(&b'\n') && (header.is_some() || line.is_empty()) {
            break;
        }
        if header.is_none() {
            header = Some(opened(path, &line, bad(number))?);
        } else if !line.trim_ascii().is_empty() {
            exchanges.push(serde_json::from_slice(&line).map_err(bad(number))?);
        }
    }
    match header {
        Some(header) => Ok((header, exchanges)),
        None => opened(path, b"", bad(1)).map(|header| (header, exchanges)),
    }
}

fn opened(
    path: &Path,
    line: &[u8],
    bad: impl FnOnce(serde_json::Error) -> CassetteError,
) -> Result<Header, CassetteError> {
    let header: Header = serde_json::from_slice(line).map_err(bad)?;
    if header.cassette != VERSION {
        return Err(CassetteError::Version {
            path: path.into(),
            found: header.cassette,
            read: VERSION,
        });
    }
    Ok(header)
}

fn failed(path: &Path, source: io::Error) -> CassetteError {
    CassetteError::File {
        path: path.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        r#"{"cassette":1,"upstream":"https://a.example","recordedAt":"2026-01-01T00:00:00Z"}"#;
    const LINE: &str =
        r#"{"request":{"server":"api","method":"GET","path":"/"},"reply":{"status":204}}"#;

    fn of(text: &str) -> Result<usize, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        std::fs::write(&path, text).unwrap();
        let read = read(&path);
        read.map(|(_, exchanges)| exchanges.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn whole_lines_are_read_and_what_is_none_is_said() {
        assert_eq!(of(&format!("{HEADER}\n{LINE}\n\n{LINE}\n")), Ok(2));
        assert_eq!(of(&format!("{HEADER}\n{LINE}\n{}", &LINE[..20])), Ok(1));
        assert_eq!(of(HEADER), Ok(0));
        for (text, complaint) in [
            (String::new(), "line 1"),
            ("no JSON".to_owned(), "line 1"),
            (format!("{HEADER}\n{{}}\n"), "line 2"),
            (HEADER.replace(":1,", ":9,"), "version 9"),
        ] {
            let error = of(&text).unwrap_err();
            assert!(error.contains(complaint), "{text}: {error}");
        }
    }

    #[test]
    fn a_recording_replaces_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        let header: Header = serde_json::from_str(HEADER).unwrap();
        drop(Tape::begin(&path, &header).unwrap());
        let error = Tape::begin(&path, &header).unwrap_err();
        assert!(error.to_string().contains("is there already"), "{error}");
    }
}
