//! What can go wrong with an answer of storage.

use civitai_sim::{BlobFault, Content, Origin};
use reqwest::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, LAST_MODIFIED, LOCATION};
use reqwest::{Client, Response, redirect};

use crate::caller::{Caller, builder};

/// Asks for the bytes from `from` on, as one who has those before.
async fn rest(http: &Client, link: &str, from: usize, tag: &str) -> Response {
    let range = format!("bytes={from}-");
    let request = http.get(link).header("range", range);
    request.header("if-range", tag).send().await.unwrap()
}

#[tokio::test]
async fn each_fault_spoils_one_answer_in_its_own_way() {
    for fault in [
        BlobFault::Cut,
        BlobFault::Short,
        BlobFault::Expired,
        BlobFault::Redirect,
        BlobFault::Replaced,
        BlobFault::Whole,
        BlobFault::Untagged,
        BlobFault::WeakTag,
    ] {
        let sim = builder().start().await.unwrap();
        let caller = Caller::new(&sim);
        let link = caller.finished_link().await;
        let good = caller.http.get(&link).send().await.unwrap();
        let headers = good.headers().clone();
        let tag = headers[ETAG].to_str().unwrap();
        let file = good.bytes().await.unwrap();

        sim.fail_next_blob(fault);
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none());
        let spoilt = rest(&http.build().unwrap(), &link, 100, tag).await;
        let status = match fault {
            BlobFault::Expired => 403,
            BlobFault::Redirect => 308,
            BlobFault::Whole => 200,
            _ => 206,
        };
        assert_eq!(spoilt.status(), status, "{fault:?}");
        let shown = spoilt.headers().clone();
        match fault {
            BlobFault::Replaced => {
                assert_ne!(shown[ETAG], headers[ETAG]);
                assert_ne!(shown[LAST_MODIFIED], headers[LAST_MODIFIED]);
                assert_eq!(shown[ACCEPT_RANGES], "bytes");
            }
            BlobFault::Untagged => assert!(!shown.contains_key(ETAG)),
            BlobFault::WeakTag => assert_eq!(shown[ETAG], format!("W/{tag}")),
            BlobFault::Redirect => {
                let there = shown[LOCATION].to_str().unwrap();
                assert!(there.starts_with("http://localhost:"), "{there}");
                assert_eq!(
                    rest(&caller.http, there, 0, tag)
                        .await
                        .bytes()
                        .await
                        .unwrap(),
                    file
                );
            }
            _ => {}
        }
        match (fault, spoilt.bytes().await) {
            (BlobFault::Cut | BlobFault::Short, body) => assert!(body.is_err(), "{fault:?}"),
            (BlobFault::Whole, body) => assert_eq!(body.unwrap(), file),
            (BlobFault::Expired | BlobFault::Redirect, _) => {}
            (_, body) => assert_eq!(body.unwrap(), file[100..], "{fault:?}"),
        }
        let after = rest(&caller.http, &link, 100, tag).await;
        assert_eq!(after.headers()[ETAG], tag);
        let size = file.len();
        assert_eq!(
            after.headers()[CONTENT_RANGE],
            format!("bytes 100-{}/{size}", size - 1)
        );
        assert_eq!(after.bytes().await.unwrap(), file[100..], "{fault:?}");
    }
}

#[tokio::test]
async fn a_stalled_body_stands_still_until_the_client_hangs_up() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    sim.fail_next_blob(BlobFault::Stall);
    let mut reply = caller.http.get(&link).send().await.unwrap();
    let size = reply.content_length().unwrap();
    let mut came = 0;
    while came < size / 2 {
        came += u64::try_from(reply.chunk().await.unwrap().unwrap().len()).unwrap();
    }
    sim.until_stalled(1).await;
    assert_eq!(came, size / 2);
    assert_eq!(sim.most_transfers(), 1);
}

#[tokio::test]
async fn a_date_is_a_validator_too_and_ranges_are_in_the_log() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    let reply = caller.http.get(&link).send().await.unwrap();
    let date = reply.headers()[LAST_MODIFIED].to_str().unwrap().to_owned();
    assert_eq!(rest(&caller.http, &link, 9, &date).await.status(), 206);
    let past = "Thu, 01 Jan 1970 00:00:00 GMT";
    assert_eq!(rest(&caller.http, &link, 9, past).await.status(), 200);
    let all = sim.requests().into_iter();
    let ranges: Vec<_> = all
        .filter(|r| r.origin == Origin::Blob)
        .map(|r| r.range)
        .collect();
    let asked = Some("bytes=9-".to_owned());
    assert_eq!(ranges, [None, asked.clone(), asked]);
}

#[tokio::test]
async fn storage_can_hold_other_files_of_any_size() {
    let content = Content::new("video/mp4", &b"\0\0\0\x18ftypmp42"[..]).padded_to(1_000_003);
    let held = content.clone();
    let sim = builder()
        .content_when(move |job| job.prompt().contains("lighthouse").then(|| held.clone()));
    let sim = sim.start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = caller.finished_link().await;
    let reply = caller.http.get(&link).send().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "video/mp4");
    let file = reply.bytes().await.unwrap();
    assert_eq!(file, content.slice(0..content.size()));
    let tag = caller.http.head(&link).send().await.unwrap().headers()[ETAG].clone();
    let part = rest(&caller.http, &link, 65_537, tag.to_str().unwrap()).await;
    assert_eq!(part.bytes().await.unwrap(), file[65_537..]);
}
