//! Files of every type get the name that fits them.

use civitai_jobs::Naming;
use civitai_sim::Content;

use crate::stage::{Stage, request};

#[tokio::test]
async fn the_content_names_the_file_and_the_media_type_helps() {
    let mut webm = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm".to_vec();
    webm.resize(300, 0);
    let cases = [
        ("jpg", "image/png", &b"\xff\xd8\xff\xe0\0\x10JFIF"[..]),
        ("webp", "application/octet-stream", b"RIFF\0\0\0\0WEBPVP8 "),
        ("gif", "", b"GIF89a\x01\0\x01\0\0"),
        ("mp4", "", b"\0\0\0\x18ftypmp42\0\0\0\0"),
        ("webm", "", &webm),
        ("wav", "", b"RIFF\x24\0\0\0WAVEfmt "),
        ("mp3", "audio/mpeg", b"ID3\x04\0\0\0\0\0\0"),
        ("zip", "", b"PK\x03\x04\x14\0\0\0"),
        (
            "safetensors",
            "application/octet-stream",
            b"\x0a\0\0\0\0\0\0\0{\"a\":null}",
        ),
        ("glb", "", b"glTF\x02\0\0\0"),
        ("json", "application/json", b"{\"nodes\": []}"),
        (
            "svg",
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        ("txt", "text/plain; charset=utf-8", b"a lighthouse"),
        ("bin", "application/x-msdownload", b"MZ\x90\0\x03"),
    ];
    let contents: Vec<_> = cases
        .iter()
        .map(|(extension, media_type, bytes)| {
            (
                (*extension).to_owned(),
                Content::new(*media_type, bytes.to_vec()),
            )
        })
        .collect();
    let stage = Stage::with(|sim| {
        sim.content_when(move |job| {
            let mut contents = contents.iter();
            let (_, content) = contents.find(|(prompt, _)| prompt == job.prompt())?;
            Some(content.clone())
        })
    })
    .await;
    let model = "urn:air:sd1:checkpoint:civitai:4384@128713".parse::<civitai_jobs::Air>();
    let model = model.unwrap();
    for (extension, media_type, bytes) in cases {
        let request = civitai_jobs::TextToImage::new(model.clone(), extension).seed(1);
        let job = stage.client.jobs().submit(&request).await.unwrap();
        let outputs = job.watch().await.unwrap().files();
        let naming = Naming::from_prompt(extension);
        let save = stage.client.save(&outputs, stage.dir.path(), &naming);
        let file = save.await.unwrap().remove(0);
        assert_eq!(
            file.path,
            stage.dir.path().join(format!("{extension}-1.{extension}"))
        );
        assert_eq!(std::fs::read(&file.path).unwrap(), bytes);
        let given = media_type.split(';').next().unwrap_or_default();
        if ["application/json", "image/svg+xml", "text/plain"].contains(&given) {
            assert_eq!(file.media_type, given);
        }
        let reader = stage.client.open(&outputs[0]).await.unwrap();
        assert_eq!(
            (reader.extension(), reader.media_type()),
            (extension, file.media_type)
        );
    }
}

#[tokio::test]
async fn an_empty_file_or_a_page_is_no_result() {
    for content in [
        Content::new("image/png", &b""[..]),
        Content::new("image/png", &b"<!DOCTYPE html><html>"[..]),
        Content::new("text/html", &b"\x89PNG\r\n\x1a\n"[..]),
    ] {
        let stage = Stage::with(|sim| sim.content_when(move |_| Some(content.clone()))).await;
        let job = stage.client.jobs().submit(&request()).await.unwrap();
        let outputs = job.watch().await.unwrap().files();
        let naming = Naming::default();
        let save = stage.client.save(&outputs, stage.dir.path(), &naming);
        assert!(save.await.unwrap_err().is_retryable());
        assert!(stage.client.open(&outputs[0]).await.is_err());
        assert!(stage.names().is_empty());
    }
}
