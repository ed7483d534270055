//! A page that makes a picture: `civitai-jobs` as WebAssembly, with the clock, the timers and the fetching of
//! the browser. `cargo xtask wasm page` builds it and shows it a simulator.

#![cfg(target_family = "wasm")]

use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{Air, Client};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

/// Pictures are held in memory, so that their size has a bound, in bytes.
const LARGEST: usize = 32 << 20;

/// Makes a picture and returns its bytes; `tell` is called with the phase of the work whenever there is news.
#[wasm_bindgen]
pub async fn picture(
    address: String,
    token: String,
    prompt: String,
    tell: Function,
) -> Result<Uint8Array, JsError> {
    let client = Client::builder().base_url(address).token(token).build()?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let mut request = WorkflowRequest::new();
    let made = request.add(Step::text_to_image(model, prompt));

    let workflow = client.workflows().submit(&request).await?;
    let mut watch = workflow.watch();
    while let Some(update) = watch.next().await? {
        let phase = JsValue::from_str(&update.snapshot.phase().to_string());
        // What the page does with it is the page's own affair.
        let _ = tell.call1(&JsValue::NULL, &phase);
    }
    let done = watch.await?;
    let Some(file) = made.files(&done).into_iter().next() else {
        return Err(JsError::new("the workflow made no picture"));
    };
    let bytes = client.open(file).await?.bytes(LARGEST).await?;
    Ok(Uint8Array::from(&bytes[..]))
}
