//! The files of a job's result, which is absent, one object or an array of objects.

use serde_json::Value;

use crate::file::{File, FileKind, Origin};
use crate::{Buzz, JobId, Token};

pub(super) use blob::blobs;

mod blob;

/// Returns the files of a result, available or not; a result of another kind has none.
pub(super) fn files(
    batch: &Token,
    id: Option<&JobId>,
    cost: Option<Buzz>,
    result: Option<&Value>,
) -> Vec<File> {
    let files = blobs(result).enumerate().map(|(index, blob)| {
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
            url_expires_at: blob.expires(),
            seed: blob.seed,
            ..File::new(origin, index, path, FileKind::Image)
        }
    });
    files.collect()
}
