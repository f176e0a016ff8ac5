//! Diesel by speed and load: the comprehensive modal emissions model as routing uses it.
//!
//! Barth, Younglove & Scora 2005; in the form of Bektaş & Laporte 2011 (*The Pollution-Routing Problem*, Transportation Research B 45(8), eq. 1–5) and
//! Demir, Bektaş & Laporte 2012. On a flat road at steady speed the fuel of a stretch is λ·(k·N·V·d/v + γ·α·M·d + β·γ·d·v²): the engine turning, the
//! mass that rolls, and the air.

/// A lorry's parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fuel {
    /// Engine friction, kJ per revolution and litre.
    pub friction: f64,
    /// Engine speed, revolutions per second.
    pub revolutions: f64,
    /// Displacement, litres.
    pub displacement: f64,
    /// Heating value of diesel, kJ per gram.
    pub heat: f64,
    /// Grams of a litre of diesel.
    pub grams_per_litre: f64,
    /// Aerodynamic drag.
    pub drag: f64,
    /// Density of air, kg/m³.
    pub air: f64,
    /// Frontal area, m².
    pub area: f64,
    /// Rolling resistance.
    pub rolling: f64,
    /// Efficiency of the drive train.
    pub drive: f64,
    /// Efficiency of the engine.
    pub engine: f64,
    /// Without load, kg.
    pub curb_kg: f64,
}

impl Default for Fuel {
    /// The medium lorry of the Pollution-Routing literature: 6,350 kg, 3,650 kg of payload.
    fn default() -> Self {
        Self {
            friction: 0.2,
            revolutions: 33.0,
            displacement: 5.0,
            heat: 44.0,
            grams_per_litre: 737.0,
            drag: 0.7,
            air: 1.2041,
            area: 3.912,
            rolling: 0.01,
            drive: 0.4,
            engine: 0.9,
            curb_kg: 6350.0,
        }
    }
}

/// Metres per second, squared.
const GRAVITY: f64 = 9.81;

impl Fuel {
    /// γ·1000: what of the fuel's power reaches the wheel.
    const fn wheel(&self) -> f64 {
        1.0 / (1000.0 * self.drive * self.engine)
    }
    const fn air_force(&self) -> f64 {
        0.5 * self.drag * self.air * self.area
    }

    /// Litres over `km` at `kmh` with `load_kg` on board; nothing at no speed.
    pub fn litres(&self, km: f64, kmh: f64, load_kg: f64) -> f64 {
        let (d, v) = (km * 1000.0, kmh / 3.6);
        if !(v > 0.0 && d > 0.0) {
            return 0.0;
        }
        let turning = self.friction * self.revolutions * self.displacement * d / v;
        let rolling = self.wheel() * GRAVITY * self.rolling * (self.curb_kg + load_kg) * d;
        let air = self.air_force() * self.wheel() * d * v * v;
        (turning + rolling + air) / (self.heat * self.grams_per_litre)
    }

    /// The speed that takes least fuel, km/h: where the engine's share falls as fast as the air's rises, v³ = k·N·V / (2·β·γ).
    pub fn best_kmh(&self) -> f64 {
        3.6 * (self.friction * self.revolutions * self.displacement / (2.0 * self.air_force() * self.wheel())).cbrt()
    }
}
