"""What the workforce of a kind of employer is made of: grades, staff groups, hours, services."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.sample import grades
from pipeline.sample.grades import GRADES, STAFF_GROUPS, Grade, Role

LOCUM = "Locum"
FIXED_TERM = "Fixed Term Temp"


@dataclass(frozen=True, slots=True)
class Shape:
    """The make-up of a workforce. Shares are weights.

    Attributes:
        grades: the grades in the order of pay, by their code.
        staff_groups: staff groups and their shares, by tier of grade.
        medical_hours: full-time equivalents (hundredths) of doctors and their shares.
        contracts: the assignment category that all of a grade have, where there is one.
        roles: job role and occupation code of the grades that have their own.
        services: directorates and their services.
    """

    grades: Mapping[str, Grade]
    staff_groups: Mapping[str, Mapping[str, int]]
    medical_hours: Mapping[int, int]
    contracts: Mapping[str, str]
    roles: Mapping[str, Role]
    services: Mapping[str, tuple[str, ...]]

    def role(self, staff_group: str, grade: str) -> Role:
        """Return the job role and occupation code of a post."""
        return self.roles.get(grade) or grades.role(staff_group, grade)


COMMISSIONER = Shape(
    grades=GRADES,
    staff_groups=STAFF_GROUPS,
    # Doctors come for sessions.
    medical_hours={10: 250, 20: 350, 30: 150, 40: 150, 80: 50, 100: 50},
    contracts={"registrar": LOCUM},
    roles={},
    # Two of these hold characters that tell encodings apart.
    services={
        "Commissioning": ("Planned Care", "Urgent Care", "Mental Health", "Community Services"),
        "Finance": ("Financial Management", "Contracting", "Business Intelligence"),
        "Quality and Safeguarding": ("Safeguarding", "Quality Assurance", "Continuing Healthcare"),
        "Primary Care": ("Primary Care Development", "Medicines Management"),
        "Strategy \u2013 Planning": ("Transformation", "Communications and Engagement"),
        "Children\u2019s Services": ("SEND", "Maternity"),
        "Corporate Services": ("Governance", "Corporate Support", "Executive Team"),
    },
)
