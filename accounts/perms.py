"""Who may do what with people's accounts. The verbs check again."""


def can_manage_team(user) -> bool:
    """Coordinators invite staff, take roles back, reset second factors and correct addresses."""
    return user.is_coordinator
