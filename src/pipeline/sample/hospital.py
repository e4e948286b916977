"""The make-up of the trust: a specialist hospital, mostly clinical, with few managers."""

from pipeline.sample.employers import Employer
from pipeline.sample.grades import Grade
from pipeline.sample.shapes import COMMISSIONER, FIXED_TERM, LOCUM, Shape

_GRADES = (
    Grade("apprentice", 8, 90, 700, (17, 24)),
    Grade("1", 8, 90, 800, (40, 65)),
    Grade("2", 120, 80, 780, (18, 66)),
    Grade("3", 90, 70, 800, (19, 66)),
    Grade("4", 60, 60, 810, (20, 65)),
    Grade("5", 235, 170, 830, (21, 64)),
    Grade("6", 165, 110, 810, (24, 63)),
    Grade("7", 105, 60, 780, (27, 63)),
    Grade("8a", 40, 45, 720, (30, 63)),
    Grade("8b", 18, 35, 650, (33, 62)),
    Grade("8c", 10, 30, 560, (36, 62)),
    Grade("8d", 5, 30, 480, (38, 62)),
    Grade("9", 4, 30, 450, (42, 62)),
    Grade("vsm", 7, 30, 400, (45, 64)),
    # GPs hold honorary contracts only.
    Grade("gp", 0, 200, 450, (35, 66)),
    Grade("registrar", 40, 330, 450, (27, 38)),
    Grade("specialty_doctor", 20, 350, 350, (32, 62)),
    Grade("consultant", 65, 260, 260, (36, 66)),
)

HOSPITAL = Shape(
    grades={grade.code: grade for grade in _GRADES},
    staff_groups={
        "lower": {
            "Additional Clinical Services": 560,
            "Administrative and Clerical": 310,
            "Estates and Ancillary": 130,
        },
        "middle": {
            "Nursing and Midwifery Registered": 640,
            "Allied Health Professionals": 130,
            "Add Prof Scientific and Technic": 80,
            "Healthcare Scientists": 70,
            "Administrative and Clerical": 70,
            "Students": 10,
        },
        "upper": {
            "Nursing and Midwifery Registered": 330,
            "Administrative and Clerical": 330,
            "Allied Health Professionals": 120,
            "Add Prof Scientific and Technic": 120,
            "Healthcare Scientists": 100,
        },
        "vsm": {"Administrative and Clerical": 850, "Nursing and Midwifery Registered": 150},
        "medical": {"Medical and Dental": 1000},
    },
    medical_hours={100: 850, 80: 80, 60: 40, 50: 30},
    contracts={"registrar": FIXED_TERM, "specialty_doctor": LOCUM},
    roles={
        "registrar": ("Specialty Registrar", "170"),
        "specialty_doctor": ("Specialty Doctor", "170"),
        "consultant": ("Consultant", "170"),
    },
    services={
        "Cardiology": ("Interventional Cardiology", "Heart Failure", "Electrophysiology"),
        "Surgery": ("Cardiac Surgery", "Thoracic Surgery", "Aortic Surgery"),
        "Respiratory Medicine": ("Cystic Fibrosis", "Respiratory Outpatients"),
        "Critical Care and Theatres": ("Critical Care", "Theatres", "Anaesthesia"),
        "Clinical Support": ("Radiology", "Pharmacy", "Physiotherapy", "Cardiac Physiology"),
        "Corporate Services": ("Finance", "People", "Estates and Facilities", "Executive Team"),
    },
)


def shape_of(employer: Employer) -> Shape:
    """Return what the employer's workforce is made of."""
    return HOSPITAL if employer.is_trust else COMMISSIONER
