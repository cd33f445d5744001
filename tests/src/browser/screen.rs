//! How large the window is, in which colours, and pictures of it.

use base64::Engine as _;
use serde_json::json;

use super::Browser;

/// A kind of screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A telephone, 390 × 844.
    Phone,
    /// A tablet, 820 × 1180.
    Tablet,
    /// A laptop, 1280 × 900.
    Desk,
}

impl Screen {
    /// Width and height.
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Tablet => (820, 1180),
            Self::Desk => (1280, 900),
        }
    }
}

/// Names the innermost element that reaches over the edge and is not cut off by what it stands in.
const OVERHANG: &str = "
    const page = document.documentElement;
    const over = page.scrollWidth - page.clientWidth;
    if (over <= 0) return null;
    const around = (one) => {
        const free = getComputedStyle(one).position === 'absolute' ? one.offsetParent : one.parentElement;
        return free && free !== document.body ? free : null;
    };
    const cut = (one) => {
        for (let box = around(one); box; box = around(box)) {
            if (getComputedStyle(box).overflowX !== 'visible') return true;
        }
        return false;
    };
    const reaches = (one) => one.getBoundingClientRect().right > page.clientWidth + 1;
    const found = [...document.body.querySelectorAll('*')].filter((one) => reaches(one) && !cut(one));
    return `${over} pixels too wide: ${found.at(-1)?.outerHTML.slice(0, 300)}`;
";

/// Which colours somebody prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Browser {
    /// Puts the page on another screen.
    pub async fn on(&self, screen: Screen) {
        let (width, height) = screen.size();
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Prefers other colours.
    pub async fn prefer(&self, scheme: Scheme) {
        let value = if scheme == Scheme::Dark {
            "dark"
        } else {
            "light"
        };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    /// What makes the page wider than the window, and by how many pixels.
    pub async fn overhang(&self) -> Option<String> {
        let found = self.run(OVERHANG, &[]).await;
        found.as_str().map(str::to_owned)
    }

    /// The whole page as PNG, as wide as the window.
    pub async fn picture(&self) -> Vec<u8> {
        let layout = self.cdp("Page.getLayoutMetrics", json!({})).await;
        let (width, height) = (
            &layout["cssLayoutViewport"]["clientWidth"],
            &layout["cssContentSize"]["height"],
        );
        let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        let wanted = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let taken = self.cdp("Page.captureScreenshot", wanted).await;
        let data = taken["data"].as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD
            .decode(data)
            .unwrap_or_default()
    }
}
