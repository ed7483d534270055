//! The files of a job's result, which is absent, one object or an array of objects.

use crate::file::{File, FileKind, Origin};
use crate::{Buzz, JobId, Token};

pub(super) use blob::{Blob, blobs};

mod blob;

/// Returns the files of a job, available or not.
pub(super) fn files(
    batch: &Token,
    id: Option<&JobId>,
    cost: Option<Buzz>,
    blobs: &[Blob<'_>],
) -> Vec<File> {
    let files = blobs.iter().enumerate().map(|(index, blob)| {
        let origin = Origin::Job {
            batch: batch.clone(),
            id: id.cloned(),
            cost,
        };
        let path = format!("result[{index}]");
        File {
            blob_id: (!blob.key.is_empty()).then(|| blob.key.to_owned()),
            available: blob.available,
            url: blob.url.map(Into::into),
            url_expires: blob.expires.map(Into::into),
            seed: blob.seed,
            ..File::new(origin, index, path, FileKind::Image)
        }
    });
    files.collect()
}
