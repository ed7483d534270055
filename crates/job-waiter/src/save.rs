//! Files of a snapshot, as `file-save` takes them.

use file_save::Link;

use crate::RemoteFile;

impl From<&RemoteFile> for Link {
    fn from(file: &RemoteFile) -> Self {
        Self::new(file.url()).work(file.work()).place(file.place())
    }
}

impl From<RemoteFile> for Link {
    fn from(file: RemoteFile) -> Self {
        Self::from(&file)
    }
}
