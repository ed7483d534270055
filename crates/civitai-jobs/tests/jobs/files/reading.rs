//! Files as bytes, without a disk.

use std::sync::Arc;

use civitai_jobs::Counters;
use civitai_sim::{BlobFault, Content, Fault, Origin, paint};
use futures_util::TryStreamExt as _;

use super::outputs;
use crate::stage::{Stage, builder, chain, request};

#[tokio::test]
async fn a_file_is_read_whole_through_trouble() {
    for (gate, blob) in [
        (None, None),
        (Some(Fault::TruncateBody), None),
        (None, Some(BlobFault::Expired)),
        (Some(Fault::Status(503)), Some(BlobFault::Cut)),
        // Begins again, which costs nobody anything while the bytes are still here.
        (Some(Fault::TruncateBody), Some(BlobFault::Untagged)),
    ] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 1).await;
        if let Some(fault) = gate.clone() {
            stage.sim.fail_next(Origin::Blob, fault);
        }
        if let Some(fault) = blob {
            stage.sim.fail_next_blob(fault);
        }
        let painted = paint(request().prompt_text(), 7, 64, 128).unwrap();
        let reader = stage.client.open(&outputs[0]).await.unwrap();
        assert_eq!(reader.size(), u64::try_from(painted.len()).ok());
        let bytes = reader.bytes(painted.len()).await.unwrap();
        assert!(bytes == painted, "{gate:?} {blob:?}");
        assert!(
            stage
                .requests(Origin::Blob)
                .iter()
                .all(|r| !r.authorization)
        );
    }
}

#[tokio::test]
async fn a_stream_goes_on_after_a_cut_or_says_that_it_cannot() {
    let content = Content::new("video/mp4", &b""[..]).padded_to(500_000);
    for (tagged, whole) in [(true, true), (false, false)] {
        let held = content.clone();
        let stage = Stage::with(|sim| sim.content_when(move |_| Some(held.clone()))).await;
        let outputs = outputs(&stage, 1).await;
        stage.sim.fail_next(Origin::Blob, Fault::TruncateBody);
        if !tagged {
            stage.sim.fail_next_blob(BlobFault::Untagged);
        }
        let stream = stage.client.open(&outputs[0]).await.unwrap().into_stream();
        let read: Result<Vec<_>, _> = stream.try_collect().await;
        assert_eq!(read.is_ok(), whole);
        match read {
            Ok(chunks) => assert!(chunks.concat() == content.slice(0..500_000)),
            Err(error) => {
                assert!(error.is_retryable());
                assert!(chain(&error).contains("open the file again"), "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_observer_learns_of_every_byte() {
    let stage = Stage::new().await;
    let output = outputs(&stage, 1).await.remove(0);
    let counters = Arc::new(Counters::default());
    let client = builder(&stage.sim).observer(counters.clone());
    let client = client.build().unwrap();
    stage.sim.fail_next_blob(BlobFault::Cut);
    let file = client.open(&output).await.unwrap().bytes(1 << 20).await;
    let size = u64::try_from(file.unwrap().len()).unwrap();
    // What was cut went on, so nothing came twice.
    assert_eq!(counters.bytes(), size);
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_read() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let reader = stage.client.open(&outputs[0]).await.unwrap();
    let error = reader.bytes(100).await.unwrap_err();
    assert!(chain(&error).contains("larger than 100 bytes"));
    let client = builder(&stage.sim).largest_file(100).build().unwrap();
    let error = client.open(&outputs[0]).await.unwrap_err();
    assert!(chain(&error).contains("larger than 100 bytes"));
}
