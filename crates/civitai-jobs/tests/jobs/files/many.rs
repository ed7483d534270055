//! Many files through much trouble, and how many at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::Naming;
use civitai_sim::{BlobFault, Origin, paint};

use super::alarm::Alarm;
use super::outputs;
use crate::stage::{Stage, builder, request};

const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_files_arrive_through_cuts_and_expired_links() {
    let stage = Stage::with(|sim| {
        sim.seed(4)
            .work_delay(Duration::ZERO)
            .blob_chance(0.25, BlobFault::Cut)
    })
    .await;
    let template = request().size(64, 64);
    let outputs = async |seed, quantity| {
        let request = template.clone().seed(seed).quantity(quantity);
        let job = stage.client.jobs().submit(&request).await.unwrap();
        job.watch().await.unwrap().files()
    };
    let mut all = outputs(1_000, 10).await;
    // The links of these ten are good for an hour.
    stage.sim.advance(Duration::from_secs(2 * 3_600));
    all.extend(outputs(2_000, 90).await);

    let polls = stage.requests(Origin::Api).len();
    let naming: Naming = "{seed}".parse().unwrap();
    let save = stage.client.save(&all, stage.dir.path(), &naming);
    let files = save.at_once(AT_ONCE).await.unwrap();

    let seeds: BTreeSet<_> = (1_000..1_010).chain(2_000..2_090).collect();
    assert_eq!(files.len(), 100);
    for (file, output) in files.iter().zip(&all) {
        assert_eq!(
            (file.seed, &*file.blob_id),
            (output.seed(), output.blob_id().unwrap())
        );
    }
    let names: BTreeSet<_> = stage.names().into_iter().collect();
    assert_eq!(
        names,
        seeds.iter().map(|seed| format!("{seed}.png")).collect()
    );
    for seed in seeds {
        let file = std::fs::read(stage.dir.path().join(format!("{seed}.png"))).unwrap();
        let painted = paint(template.prompt_text(), seed, 64, 64).unwrap();
        assert!(file == painted, "{seed} is not what was made");
    }

    let fetched = stage.requests(Origin::Blob);
    let answered = |status| fetched.iter().filter(|r| r.status == Some(status)).count();
    assert_eq!(answered(403), 10, "one refusal for each expired link");
    let polls = stage.requests(Origin::Api).len() - polls;
    assert_eq!(polls, 1, "one poll renews all links of a batch");
    assert!(answered(206) >= 20, "{} resumed", answered(206));
    // A cut before the first byte leaves nothing to go on from.
    assert!(answered(200) <= 105, "{} from the beginning", answered(200));
    assert!(fetched.iter().all(|request| !request.authorization));
    assert!(stage.sim.most_transfers() <= AT_ONCE);
}

#[tokio::test]
async fn as_many_transfers_run_at_once_as_the_user_says() {
    for at_once in [1, 3] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 6).await;
        for _ in 0..at_once {
            stage.sim.fail_next_blob(BlobFault::Stall);
        }
        // By this clock, what stands still does so for ever.
        let client = builder(&stage.sim).clock(Arc::new(Alarm::new()));
        let client = client.build().unwrap();
        let save = || {
            let save = client.save(&outputs, stage.dir.path(), &Naming::default());
            save.at_once(at_once)
        };
        let stuck = tokio::spawn(save().into_future());
        stage.sim.until_stalled(at_once).await;
        assert_eq!(stage.requests(Origin::Blob).len(), at_once);
        stuck.abort();
        assert_eq!(save().await.unwrap().len(), 6);
        assert!(stage.sim.most_transfers() <= at_once);
    }
}
