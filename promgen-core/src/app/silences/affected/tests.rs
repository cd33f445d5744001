//! Sets of objects, and who may silence them.

use super::*;
use crate::alert::matchers;

fn conditions(text: &str) -> Conditions {
    Conditions::new(&matchers(text).unwrap()).unwrap()
}

/// Services `a` with projects `a1` and `a2`, `b` with `b1`, and `c` without any.
fn objects(roles: &[(&str, Role)]) -> Objects {
    let role = |name: &str| {
        let found = roles.iter().find(|(of, _)| *of == name);
        found.map(|(_, role)| *role)
    };
    let service = |(id, name): (i32, &str)| Mine {
        id: ServiceId(id),
        service: ServiceId(id),
        name: name.to_owned(),
        role: role(name),
    };
    let project = |(id, service, name): (i32, i32, &str)| Mine {
        id: ProjectId(id),
        service: ServiceId(service),
        name: name.to_owned(),
        // As `Access` has it: what counts on the service counts on its projects.
        role: role(name).max(role(&name[..1])),
    };
    Objects {
        superuser: false,
        services: [(1, "a"), (2, "b"), (3, "c")].map(service).into(),
        projects: [(1, 1, "a1"), (2, 1, "a2"), (3, 2, "b1")]
            .map(project)
            .into(),
    }
}

fn touched(text: &str) -> String {
    let objects = objects(&[]);
    let touched = objects.touched(&conditions(text));
    let services = touched.services.iter().map(|it| it.name.as_str());
    let projects = touched.projects.iter().map(|it| it.name.as_str());
    let nobodys = touched.nobodys.then_some("nobody's");
    let all: Vec<&str> = services.chain(projects).chain(nobodys).collect();
    all.join(" ")
}

#[test]
fn project_and_service_matchers_narrow_each_other() {
    for (text, expected) in [
        ("service=a", "a"),
        ("service!=a, x=y", "b c nobody's"),
        ("service=~\"a|c|d\"", "a c"),
        ("service=~\".+\", service!~\"[ab]\"", "c"),
        ("project=a1", "a1"),
        ("project!=a1, service=a", "a a2"),
        ("project!=a1, project=~\".+\", service=a", "a2"),
        ("project=~\"a.|b.\", service!=a", "b1"),
        ("project=~\".*\", service=a", "a a1 a2"),
        ("project=a1, service=b", ""),
        ("project=~\".*\", x=y", "a b c a1 a2 b1 nobody's"),
        ("project=\"\", service=b", "b"),
        ("project=nowhere", ""),
        ("x=y", "nobody's"),
    ] {
        assert_eq!(touched(text), expected, "{text}");
    }
}

#[test]
fn everything_that_is_touched_must_be_editable() {
    use Role::{Admin, Editor, Viewer};

    let may = |roles: &[(&str, Role)], text: &str| {
        let refusal = objects(roles).refusal(&conditions(text), Deed::Silence);
        refusal.is_empty()
    };
    for (roles, text, expected) in [
        (&[("a", Editor)][..], "service=a", true),
        (&[("a", Admin)], "service=a, project=~\".*\"", true),
        (&[("a", Viewer)], "service=a", false),
        (&[("a", Editor)], "project=a2", true),
        (&[("a", Editor)], "project=~\"a1|b1\"", false),
        (&[("a", Editor), ("b1", Editor)], "project=~\"a1|b1\"", true),
        // A role on a project gives none on its service.
        (&[("a1", Admin)], "project=a1", true),
        (&[("a1", Admin), ("a2", Admin)], "service=a", false),
        (
            &[("a1", Admin), ("a2", Admin)],
            "service=a, project=~\".+\"",
            true,
        ),
        (
            &[("a1", Admin), ("a2", Admin)],
            "service=a, project=~\".*\"",
            false,
        ),
        // What nobody has a role on takes a superuser.
        (
            &[("a", Admin), ("b", Admin), ("c", Admin)],
            "service=~\".+\"",
            true,
        ),
        (
            &[("a", Admin), ("b", Admin), ("c", Admin)],
            "service!=d, x=y",
            false,
        ),
        (&[("a", Admin)], "service=nowhere", false),
        (&[("a", Admin)], "x=y", false),
        (&[], "service=a", false),
    ] {
        assert_eq!(may(roles, text), expected, "{roles:?} {text}");
    }
    let superuser = Objects {
        superuser: true,
        ..objects(&[])
    };
    for text in ["x=y", "service=nowhere", "service=~\".+\""] {
        let refusal = superuser.refusal(&conditions(text), Deed::Expire);
        assert!(refusal.is_empty(), "{text}");
    }
}

#[test]
fn a_refusal_names_what_may_be_seen_and_nothing_else() {
    let refusal =
        |roles: &[(&str, Role)], text: &str, deed| objects(roles).refusal(&conditions(text), deed);
    let viewer = [("a", Role::Viewer), ("b", Role::Editor)];
    assert_eq!(
        refusal(&viewer, "project=~\"..\"", Deed::Silence),
        ["You do not have permission to silence alerts for the following projects: a1, a2."]
    );
    assert_eq!(
        refusal(&viewer, "service=~\"a|b\"", Deed::Expire),
        [
            "You do not have permission to expire the silence that matches the following services: a."
        ]
    );
    // Whether `c` exists is not told apart from whether `nowhere` does.
    let strangers = [Deed::Silence.of_strangers()];
    assert_eq!(refusal(&viewer, "service=c", Deed::Silence), strangers);
    assert_eq!(
        refusal(&viewer, "service=nowhere", Deed::Silence),
        strangers
    );
}

#[test]
fn up_to_twenty_names_are_told_and_then_their_number() {
    let sentence = |count: i32| {
        let mine = |id: i32| Mine {
            id: ProjectId(id),
            service: ServiceId(1),
            name: format!("p{id}"),
            role: Some(Role::Viewer),
        };
        let objects = Objects {
            superuser: false,
            services: vec![Mine {
                id: ServiceId(1),
                service: ServiceId(1),
                name: "s".to_owned(),
                role: None,
            }],
            projects: (0..count).map(mine).collect(),
        };
        objects.refusal(&conditions("project=~\"p.+\""), Deed::Silence)
    };
    assert_eq!(sentence(20)[0].matches(", ").count(), 19);
    assert_eq!(
        sentence(21),
        ["You do not have permission to silence alerts for 21 projects."]
    );
}

#[test]
fn silences_are_seen_by_who_sees_what_they_touch() {
    let sees = |roles: &[(&str, Role)], text: &str| objects(roles).sees(&conditions(text));
    let viewer = [("a1", Role::Viewer)];
    assert!(sees(&viewer, "project=~\"a1|b1\""));
    assert!(!sees(&viewer, "project=b1"));
    assert!(!sees(&viewer, "service=a"));
    assert!(!sees(&viewer, "x=y"));
    assert!(sees(&[("c", Role::Viewer)], "service=~\".+\""));
}
