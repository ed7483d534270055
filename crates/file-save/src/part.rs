//! A file on its way to disk: under a temporary name until it is complete, checked and synced.

use std::fs::{File as StdFile, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, PersistError};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use crate::claims::Claims;
use crate::kind::HEAD;

/// What temporary names begin and end with.
pub(crate) const PREFIX: &str = ".file-save-";
pub(crate) const SUFFIX: &str = ".part";
/// Names that are tried where the first ones are taken.
const NUMBERS: u32 = 10_000;

/// What happens where a file of the same name is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collision {
    /// The new file gets a number behind its name: `fog-7-2.png`.
    #[default]
    Number,
    /// The new file takes the place of the old one, at once and whole.
    Replace,
    /// The old file stays and counts as saved. Media whose name is there is not even fetched, so
    /// that a second run fetches what the first one missed.
    Keep,
    /// The old file stays and counts as saved where it has the same bytes and is nobody's [by the claims](Claims); else the
    /// new file gets a number. So a save that is repeated after a crash leaves one file.
    Match,
}

/// A file that has no name yet. Nothing of it is left when it is dropped.
pub(crate) struct Part {
    temporary: NamedTempFile,
    file: File,
}

/// Where a file is to be, but for its extension.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) dir: PathBuf,
    pub(crate) stem: String,
    pub(crate) collision: Collision,
    /// What is others', for [`Collision::Match`].
    pub(crate) claims: Claims,
}

/// A file that has its name.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) sidecar: Option<PathBuf>,
    /// The file was there before and has stayed as it was.
    pub(crate) was_there: bool,
}

impl Part {
    pub(crate) fn new(dir: &Path) -> io::Result<Self> {
        let temporary = temporary(dir)?;
        let file = File::from_std(temporary.as_file().try_clone()?);
        Ok(Self { temporary, file })
    }

    /// Begins again, with nothing.
    pub(crate) async fn begin(&mut self) -> io::Result<()> {
        self.file.rewind().await?;
        self.file.set_len(0).await
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// All that was written.
    pub(crate) async fn content(&mut self) -> io::Result<Vec<u8>> {
        self.file.flush().await?;
        self.file.rewind().await?;
        let mut content = Vec::new();
        self.file.read_to_end(&mut content).await?;
        Ok(content)
    }

    /// Makes sure that all of it is on disk, then gives it its name; `sidecar` gets its own beside
    /// it.
    pub(crate) async fn keep(
        mut self,
        place: Place,
        extension: &'static str,
        sidecar: Option<Vec<u8>>,
    ) -> io::Result<Named> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        // A step that cannot be dropped halfway, so that the two names come together.
        let keeping = tokio::task::spawn_blocking(move || {
            let sidecar = sidecar.map(|text| written(&place.dir, &text)).transpose()?;
            keep(self.temporary, sidecar, &place, extension)
        });
        keeping.await.map_err(io::Error::other).flatten()
    }
}

impl Place {
    /// The file that is there already under one of these extensions.
    pub(crate) fn taken(
        &self,
        mut extensions: impl Iterator<Item = &'static str>,
    ) -> Option<PathBuf> {
        extensions.find_map(|extension| {
            let path = self.dir.join(format!("{}.{extension}", self.stem));
            path.is_file().then_some(path)
        })
    }
}

/// The size and the first bytes of a file that is there.
pub(crate) async fn look(path: &Path) -> io::Result<(u64, Vec<u8>)> {
    let file = File::open(path).await?;
    let bytes = file.metadata().await?.len();
    let mut head = Vec::with_capacity(HEAD);
    let first = u64::try_from(HEAD).unwrap_or(u64::MAX);
    file.take(first).read_to_end(&mut head).await?;
    Ok((bytes, head))
}

/// A file that is gone unless it gets a name.
fn temporary(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the user's mask makes of this is what any other new file gets.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(dir)?;
    // Tells it from a leftover; where the file system knows no locks, nothing is ever taken for one.
    let _ = file.as_file().try_lock();
    Ok(file)
}

fn written(dir: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = temporary(dir)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives a complete file its name, or the first one that is free.
fn keep(
    mut temporary: NamedTempFile,
    sidecar: Option<NamedTempFile>,
    place: &Place,
    extension: &str,
) -> io::Result<Named> {
    let Place { dir, stem, .. } = place;
    for number in 1..=NUMBERS {
        let path = dir.join(match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        });
        let beside = beside(&path);
        let mut claims = (place.collision == Collision::Match).then(|| place.claims.lock());
        let named = match place.collision {
            Collision::Replace => temporary.persist(&path).map(drop),
            // A sidecar without its file may be somebody's note: its name is taken too.
            Collision::Number if sidecar.is_some() && beside.exists() => continue,
            Collision::Number | Collision::Keep | Collision::Match => name_anew(temporary, &path),
        };
        match named {
            Ok(()) => {
                if let Some(claims) = &mut claims {
                    claims.add(&path);
                }
                drop(claims);
                let sidecar = sidecar.map(|file| file.persist(&beside).map(|_| beside));
                sync_folder(dir);
                return Ok(Named {
                    path,
                    sidecar: sidecar.transpose()?,
                    was_there: false,
                });
            }
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                let stays = match place.collision {
                    Collision::Keep => true,
                    Collision::Match => {
                        let is_free = claims.as_ref().is_some_and(|claims| !claims.has(&path));
                        is_free && is_same(taken.file.as_file(), &path)?
                    }
                    Collision::Number | Collision::Replace => false,
                };
                if stays {
                    if let Some(claims) = &mut claims {
                        claims.add(&path);
                    }
                    return Ok(Named {
                        sidecar: None,
                        path,
                        was_there: true,
                    });
                }
                temporary = taken.file;
            }
            Err(failed) => return Err(failed.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whether a file has the same bytes as the one at a path.
fn is_same(file: &StdFile, path: &Path) -> io::Result<bool> {
    let other = StdFile::open(path)?;
    if !other.metadata()?.is_file() || other.metadata()?.len() != file.metadata()?.len() {
        return Ok(false);
    }
    let mut file = BufReader::new(file);
    file.rewind()?;
    let (mut ours, mut theirs) = (file, BufReader::new(other));
    loop {
        let (left, right) = (ours.fill_buf()?, theirs.fill_buf()?);
        let common = left.len().min(right.len());
        if left[..common] != right[..common] {
            return Ok(false);
        }
        if common == 0 {
            return Ok(left.len() == right.len());
        }
        ours.consume(common);
        theirs.consume(common);
    }
}

/// Gives a file a name that is free.
fn name_anew(temporary: NamedTempFile, path: &Path) -> Result<(), PersistError> {
    use io::ErrorKind::{AlreadyExists, NotFound, ReadOnlyFilesystem, StorageFull};
    let Err(refused) = temporary.persist_noclobber(path) else {
        return Ok(());
    };
    if let AlreadyExists | NotFound | ReadOnlyFilesystem | StorageFull = refused.error.kind() {
        return Err(refused);
    }
    // A file system without hard links, and without a rename that spares what is there: the name is
    // taken first, by an empty file that is ours.
    let PersistError { file, .. } = refused;
    if let Err(error) = OpenOptions::new().write(true).create_new(true).open(path) {
        return Err(PersistError { error, file });
    }
    file.persist(path).map(drop).inspect_err(|_| {
        let _ = std::fs::remove_file(path);
    })
}

/// The name of the sidecar of a file: that of the file, extension and all, with `.json` behind it,
/// so that it meets no other file's.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

/// Makes the names last through a power cut, where the system can.
fn sync_folder(dir: &Path) {
    // Not every system opens folders; the files themselves are safe either way.
    let _ = StdFile::open(dir).and_then(|folder| folder.sync_all());
}
