//! A service with a key, an upload, a list in pages and a stream of events, used through its generated
//! client: `cargo run -p golden --example post`.

#![allow(clippy::print_stdout, reason = "an example shows what it found")]

mod server;

use golden::post::Client;
use golden::post::operations::SendPartsMultipartForm;
use golden::{FilePart, Http, Retry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = server::start("a key").await?;
    println!("{:?}", tour(&address).await?);
    Ok(())
}

/// Uploads a picture, lists what is there, and reads the news.
async fn tour(address: &str) -> Result<Vec<i64>, golden::Error> {
    // The key goes where the contract wants it, and is shown nowhere.
    let http = Http::builder(address)
        .token("a key".to_owned())
        .retry(Retry::times(2))
        .build()?;
    let client = Client::new(http);

    let picture = FilePart::named("cat.png", b"PNG".to_vec()).media_type("image/png");
    let mut form = SendPartsMultipartForm::new(picture);
    form.labels = Some(vec!["cat".to_owned(), "small".to_owned()]);
    client.send_parts_multipart(form).await?;

    let mut numbers = Vec::new();
    let mut items = client.by_cursor_all(None);
    while let Some(item) = items.next().await {
        numbers.push(item?.number);
    }

    let mut news = client.read_news_stream().await?.into_inner();
    while let Some(event) = news.next().await {
        numbers.push(event?.data.number);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn everything_arrives() {
        let address = super::server::start("a key").await.expect("it starts");
        let numbers = super::tour(&address).await.expect("it works");
        assert_eq!(numbers, [1, 2, 3, 10, 11]);
    }
}
