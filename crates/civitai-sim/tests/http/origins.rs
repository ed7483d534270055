//! What a browser asks before a page of another origin may call, and what it lets such a page read.

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use reqwest::{Method, StatusCode};

use crate::caller::{Caller, builder};

#[tokio::test]
async fn a_page_of_another_origin_may_call_and_read() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let url = format!("{}/v2/consumer/workflows", sim.base_url());
    let question = caller
        .http
        .request(Method::OPTIONS, &url)
        .header(ORIGIN, "http://pages.test")
        .header(ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type");
    let answer = question.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_METHODS], "POST");
    let names = &answer.headers()[ACCESS_CONTROL_ALLOW_HEADERS];
    assert_eq!(names, "authorization,content-type");
    assert!(sim.requests().is_empty(), "the service never hears of it");

    // A refusal can be read as well, or a page could not tell what is wrong.
    let call = caller.http.get(&url).header(ORIGIN, "http://pages.test");
    let refusal = call.send().await.unwrap();
    assert_eq!(refusal.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refusal.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], "*");

    let unasked = caller.http.get(&url).send().await.unwrap();
    assert!(!unasked.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
}
