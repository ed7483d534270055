//! A model on the simulator: made, given pictures, trained, used, by the simulator's clock, so that 22
//! minutes take a moment. `cargo run -p photogpt-api --example training`

#![allow(clippy::print_stdout, reason = "an example speaks through its output")]

use std::sync::Arc;

use civitai_sim::{SimTime, Simulator};
use photogpt_api::types::{Gender, ImageRequest, ModelRequest};
use photogpt_api::{Client, Picture, connect_to};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Simulator::builder().time(SimTime::manual()).start().await?;
    let http = connect_to(sim.photogpt_url())
        .token(sim.token().to_owned())
        .build()?;
    let client = Client::new(http);

    let (any, brown) = ("any".to_owned(), "brown".to_owned());
    let person = ModelRequest::new(36, any, brown, Gender::Female, "Ada".to_owned());
    let model = client.create_model(&person).await?.into_inner();
    let pictures = (0..12)
        .map(|seed| Ok(Picture::new(civitai_sim::paint("a face", seed, 64, 64)?)?))
        .collect::<Result<Vec<_>, Box<dyn std::error::Error>>>()?;
    Picture::check(&pictures)?;
    for picture in &pictures {
        client.add_picture(&model.id, picture).await?;
    }

    let mut watch = client
        .train(&model.id)
        .await?
        .watch()
        .clock(Arc::new(sim.clock()));
    while let Some(update) = watch.next().await? {
        println!("{} after {:.0?}", update.phase, update.elapsed);
    }
    let request = ImageRequest {
        model_id: model.id,
        prompt: Some("on a cliff".to_owned()),
        ..ImageRequest::default()
    };
    let reply = client.generate_images(&request).await?;
    let done = reply.watch().clock(Arc::new(sim.clock())).await?;
    println!("{:?}", done.files());
    Ok(())
}
