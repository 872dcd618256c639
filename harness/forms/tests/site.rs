//! The site of many runs: its links lead somewhere, it writes over nothing that is not its own, and records stay text.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use wasi_hw_forms::site::site;
use wasi_hw_harness::Runtimes;
use wasi_hw_harness::report::{Header, Record, Sink, Writer};
use wasi_hw_harness::run::session::Session;
use wasi_hw_harness::suite::Suite;
use wasi_hw_harness::suite::expect::Line;
use wasi_hw_harness::text::is_plain;

/// A folder of this test's own. Dropped, it is gone.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("site-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// The report of a host of this name, each record given to `change` first.
    fn report(&self, host: &str, change: impl Fn(&mut Record)) -> PathBuf {
        let (mut header, records) = made().clone();
        header.runtime.name = host.to_owned();
        let path = self.0.join(format!("{}.jsonl", host.len()));
        let mut writer = Writer::create(&path, &header).unwrap();
        for (place, mut record) in records.into_iter().enumerate() {
            change(&mut record);
            writer.record(place, &record).unwrap();
        }
        Box::new(writer).finish(&Default::default()).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The reference host's run of four cases, made once.
fn made() -> &'static (Header, Vec<Record>) {
    static MADE: OnceLock<(Header, Vec<Record>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let suite = Arc::new(Suite::discover(&Suite::default_root()));
        let runtime = Runtimes::known().start(None, &suite.root).unwrap();
        let session = Arc::new(Session::new(Arc::clone(&suite), runtime));
        let cases = suite.cases.iter().filter(|case| case.proposal == "i2c" && !case.trace.is_empty());
        let records = cases.take(4).map(|case| session.run(case)).collect();
        (session.header(4), records)
    })
}

fn fails(record: &mut Record) {
    record.guests[0].transcript.push(Line { at: 1, text: "what nobody asked for".to_owned() });
}

/// All files below a folder, from there.
fn files(root: &Path) -> BTreeSet<String> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![root.to_owned()]);
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => waiting.push(path),
                false => drop(found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned())),
            }
        }
    }
    found
}

#[test]
fn every_link_of_the_site_leads_to_a_page() {
    let folder = Folder::new("links");
    let out = folder.0.join("out");
    let reports = [folder.report("good", |_| {}), folder.report("wrong host", fails)];
    let made = site(&reports, &Default::default(), &out).unwrap();
    let all = files(&out);
    // The list of the files is no page.
    assert_eq!((made.runs, made.files), (2, all.len() - 1));
    let mut links = 0;
    for page in all.iter().filter(|page| page.ends_with(".html")) {
        let text = fs::read_to_string(out.join(page)).unwrap();
        for (_, link) in text.match_indices("href=\"").map(|(at, _)| (at, &text[at + 6..])) {
            let link = link.split('"').next().unwrap().split('#').next().unwrap();
            if link.is_empty() || link.starts_with("https://") {
                continue;
            }
            let to = out.join(page).parent().unwrap().join(link);
            assert!(to.is_file(), "{page} links to {link}");
            links += 1;
        }
    }
    assert!(links > 100, "{links}");
    let differ = fs::read_to_string(out.join("differ.html")).unwrap();
    for record in &made_records() {
        assert!(differ.contains(&format!("cases/{}.html", record.replace('/', "."))), "{record}");
    }
}

/// The scored cases of the run.
fn made_records() -> Vec<String> {
    made().1.iter().filter(|record| record.scored()).map(|record| record.case.clone()).collect()
}

#[test]
fn a_folder_that_is_not_a_site_s_stays_as_it_is() {
    let folder = Folder::new("foreign");
    let report = [folder.report("good", |_| {})];
    let out = folder.0.join("out");
    let refused = |why: &str| {
        let error = site(&report, &Default::default(), &out).map(|made| made.files).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    };
    fs::create_dir(&out).unwrap();
    fs::write(out.join("index.html"), "mine").unwrap();
    refused("is no site of `cargo hw site`");
    assert_eq!(fs::read_to_string(out.join("index.html")).unwrap(), "mine");
    fs::write(out.join("wasi-hw-site.txt"), "a list of something else\n").unwrap();
    refused("is no list of a site");
    fs::remove_dir_all(&out).unwrap();
    fs::write(&out, "a file").unwrap();
    refused("is no folder");
    fs::remove_file(&out).unwrap();

    // What somebody put into a site later stays, and is not written over.
    site(&report, &Default::default(), &out).unwrap();
    fs::write(out.join("CNAME"), "example.org").unwrap();
    let other = [folder.report("another", |_| {})];
    site(&other, &Default::default(), &out).unwrap();
    let all = files(&out);
    assert!(all.contains("CNAME") && all.contains("runtimes/another.html"), "{all:?}");
    assert!(!all.contains("runtimes/good.html"), "what is no page any more is there: {all:?}");
    fs::create_dir_all(out.join("runtimes")).unwrap();
    fs::write(out.join("runtimes/good.html"), "mine").unwrap();
    refused("is no file of a site");
    assert_eq!(fs::read_to_string(out.join("runtimes/good.html")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    let folder = Folder::new("link");
    let (report, out) = ([folder.report("good", |_| {})], folder.0.join("out"));
    site(&report, &Default::default(), &out).unwrap();
    let elsewhere = folder.0.join("elsewhere");
    fs::rename(out.join("cases"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, out.join("cases")).unwrap();
    let before = files(&elsewhere);
    let error = site(&report, &Default::default(), &out).map(|made| made.files).unwrap_err();
    assert!(format!("{error:#}").contains("is it a link?"), "{error:#}");
    assert_eq!(files(&elsewhere), before);
    // A list that leads outside is not followed.
    fs::remove_file(out.join("cases")).unwrap();
    let list = out.join("wasi-hw-site.txt");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(folder.0.join("precious"), "").unwrap();
    fs::write(&list, format!("{text}../precious\n/etc/x\ncases/../../precious\n")).unwrap();
    site(&report, &Default::default(), &out).unwrap();
    assert!(folder.0.join("precious").exists());
}

#[test]
fn a_run_is_there_once() {
    let folder = Folder::new("twice");
    let (one, two) = (folder.report("good", |_| {}), folder.0.join("copy.jsonl"));
    fs::copy(&one, &two).unwrap();
    let error =
        site(&[one, two], &Default::default(), &folder.0.join("out")).map(|made| made.files).unwrap_err();
    assert!(format!("{error:#}").contains("are runs of one host and release on one platform"), "{error:#}");
}

#[test]
fn text_of_a_record_stays_text_and_makes_no_path() {
    const EVIL: &str = "../../</title>\"'><script>alert(1)</script>\u{1b}]0;x\u{7}\u{202e}";
    let folder = Folder::new("hostile");
    let evil = folder.report(EVIL, |record| {
        let text = format!("{EVIL}{}", "x".repeat(1 << 20));
        record.title.clone_from(&text);
        record.stderr = Some(text.clone());
        record.fixture = EVIL.to_owned();
        record.proves.push(EVIL.to_owned());
        record.guests[0].transcript.push(Line { at: u64::MAX, text });
    });
    let out = folder.0.join("out");
    site(&[evil, folder.report("good", |_| {})], &Default::default(), &out).unwrap();
    for file in files(&out) {
        assert!(file.chars().all(|c| c.is_ascii_graphic()), "{file:?}");
        let text = fs::read_to_string(out.join(&file)).unwrap();
        if file.ends_with(".html") {
            assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{file} has what a terminal obeys");
            assert!(!text.contains("<script"), "{file} has markup");
            assert!(text.len() < 1 << 20, "{file} has {} bytes", text.len());
        }
    }
    assert_eq!(files(&folder.0).iter().filter(|file| !file.starts_with("out/")).count(), 2);
}
