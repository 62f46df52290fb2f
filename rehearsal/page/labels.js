// The German words of the page in both generations. The City's page knows no other language.

const COMMON = {
  address: "Adresse",
  am: "Vormittag",
  pm: "Nachmittag",
  appointment: "Termin",
  appointmentSuccessfullyBookedHeader: "Ihr Termin wurde gebucht.",
  appointmentSuccessfullyBookedText:
    "Eine Bestätigung und weitere Informationen zu Ihrem Termin erhalten Sie per E-Mail. Wir freuen uns " +
    "auf Ihren Besuch.",
  appointmentSuccessfullyCanceledHeader: "Sie haben Ihren Termin erfolgreich abgesagt.",
  appointmentSuccessfullyCanceledText: "Danke, dass Sie Ihren Termin für andere freigegeben haben.",
  availableTimes: "Verfügbare Termine",
  back: "Zurück",
  bookAnotherAppointment: "Weiteren Termin vereinbaren",
  bookAppointment: "Termin reservieren",
  bookAppointmentStart: "Termin vereinbaren",
  calendarView: "Kalenderansicht",
  listView: "Listenansicht",
  calendarViewActiveLabel: "Kalenderansicht aktiv.",
  listViewActiveLabel: "Listenansicht aktiv.",
  cancelAppointment: "Termin absagen",
  cancelReschedule: "Verschieben abbrechen",
  change: "Leistung wechseln",
  clock: "Uhr",
  closeDialog: "Dialog schließen",
  combinableServices: "Kombinierbare Leistungen",
  communicationCheckboxLabel: "Elektronische Kommunikation",
  communicationCheckboxText:
    "Ich habe die <a href=\"https://stadt.muenchen.de/infos/elektronische-kommunikation.html\" " +
    "target='_blank' rel='noopener noreferrer' aria-label='Hinweise zur elektronischen Kommunikation per " +
    "Link in neuem Tab'>Hinweise zur elektronischen Kommunikation</a> zur Kenntnis genommen und stimme " +
    "zu, über E-Mail zu meinem Termin benachrichtigt zu werden.",
  confirmAppointmentHeader: "Aktivieren Sie Ihren Termin.",
  confirmAppointmentText:
    "Sie erhalten in den nächsten Minuten eine E-Mail mit einem Link für die Aktivierung. Klicken Sie auf " +
    "den Link, um die Buchung abzuschließen. Wenn Sie den Termin nicht innerhalb von {activationMinutes} " +
    "Minuten aktivieren, verfällt Ihre Reservierung.",
  contact: "Kontakt",
  contactDetails: "Kontaktdaten",
  downloadAppointment: "Termin herunterladen (ics)",
  earlier: "Früher",
  later: "Später",
  loadMore: "Mehr laden",
  errorMessageCustomTextfield: "Bitte geben Sie die notwendigen Informationen ein.",
  errorMessageFirstName: "Bitte geben Sie Ihren Vornamen an.",
  errorMessageLastName: "Bitte geben Sie Ihren Nachnamen an.",
  errorMessageMailAddressRequired: "Bitte geben Sie Ihre E-Mail-Adresse an.",
  errorMessageMailAddressValidation:
    "Ihre E-Mail-Adresse entspricht nicht dem vorgegebenen Format. Bitte prüfen Sie nochmal, ob Sie sie " +
    "richtig geschrieben haben.",
  errorMessageMaxLength: "Ihre Eingabe in diesem Feld darf {max} Zeichen nicht überschreiten.",
  errorMessageProviderSelection: "Bitte wählen Sie mindestens einen Ort aus, um passende Termine zu sehen.",
  errorMessageTelephoneNumberRequired: "Bitte geben Sie Ihre Telefonnummer an.",
  errorMessageTelephoneNumberValidation:
    "Ihre Telefonnummer entspricht nicht dem vorgegebenen Format. Bitte geben Sie nur ein +-Zeichen und " +
    "Zahlen ein.",
  estimatedDuration: "Voraussichtliche Termindauer:",
  firstName: "Vorname",
  hint: "Hinweis",
  lastName: "Nachname",
  location: "Ort",
  login: "Anmelden",
  mailAddress: "E-Mail-Adresse",
  minutes: "Minuten",
  newAppointmentButton: "Neuen Termin vereinbaren",
  newAppointmentsInfoLink: "Wann gibt es neue Termine?",
  next: "Weiter",
  noServiceFound: "Keine Leistung gefunden",
  oftenSearchedService: "Häufig gesuchte Leistungen:",
  optionalLoginHeader: "Freiwillige Anmeldung",
  optionalLoginText:
    "Sie wollen die Kontaktdaten aus Ihrem Nutzerkonto übernehmen? Und Ihren Termin ohne zusätzliche " +
    "Bestätigung buchen? Dann melden Sie sich jetzt beim Bürgerservice an!",
  overview: "Übersicht",
  rescheduleAppointment: "Termin verschieben",
  rescheduleErrorHeader: "Ihr Termin liegt in der Vergangenheit.",
  rescheduleErrorText:
    "Sie können diesen Termin nicht mehr absagen oder verschieben. Vereinbaren Sie bei Bedarf einen neuen " +
    "Termin.",
  selectedAppointment: "Ausgewählter Termin",
  service: "Leistung",
  serviceSearch: "Bürgerservice-Suche",
  serviceSelectionPlaceholder: "Leistung auswählen",
  showAllServices: "Alle Leistungen anzeigen",
  showLessServices: "Weniger Leistungen anzeigen",
  skipCombinableServices: "Kombinierbare Leistungen überspringen",
  spinnerText: "Wir suchen nach passenden Terminen...",
  switchToCalendarViewAriaLabel: "Zur Kalenderansicht wechseln",
  switchToListViewAriaLabel: "Zur Listenansicht wechseln",
  telephoneNumber: "Telefonnummer",
  your: "Ihr",
  maintenancePageHeader: "Wir aktualisieren unser System für Sie.",
  maintenancePageText:
    "Zur Zeit befindet sich unser System in der Wartung. Bitte versuchen Sie es später noch einmal.",
  systemFailurePageHeader: "Diese Funktion ist zur Zeit nicht verfügbar.",
  systemFailurePageText:
    "Es gibt aktuell leider ein technisches Problem mit dieser Funktion. Bitte versuchen Sie es später " +
    "noch einmal.",
  appointmentType: "Art des Termins",
  "altcha.error": "Die Prüfung ist fehlgeschlagen. Versuchen Sie es später erneut.",
  "altcha.expired": "Die Zeit ist abgelaufen. Versuchen Sie es erneut.",
  "altcha.label": "Ich bin kein Bot.",
  "altcha.loadError": "Das Widget konnte nicht geladen werden.",
  "altcha.verified": "Erfolgreich überprüft.",
  "altcha.verifying": "Überprüfung läuft...",
  "altcha.waitAlert": "Überprüfung läuft... bitte warten.",
  "altcha.ariaLabel": "Sicherheitsüberprüfung - Ich bin kein Bot",
  "altcha.screenReaderDescription":
    "Diese Sicherheitsüberprüfung stellt sicher, dass Sie ein Mensch sind und kein automatisiertes " +
    "Programm. Aktivieren Sie das Kontrollkästchen, um zu bestätigen, dass Sie kein Bot sind.",
  privacyLabel: "Datenschutz und Datenverarbeitung",
  calendarNextMonth: "Nächster Monat",
  calendarPreviousMonth: "Vorheriger Monat",
  "appointmentTypes.1": "Vor-Ort-Termin",
  "appointmentTypes.2": "Telefon-Termin",
  "appointmentTypes.4": "Termin für eine Einzelperson",
  "appointmentTypes.5": "Termin für eine Familie",
  "appointmentTypes.6": "Termin für einen Kleinkunden",
  "appointmentTypes.7": "Termin für einen Großkunden",
  "locationVariantText.1": "Sie kommen persönlich an unserem Standort vorbei.",
  "locationVariantText.2": "Wir rufen Sie unter Ihrer gewünschten Nummer an.",
  "locationVariantText.3": "Sie erhalten einen Einwahllink für ein Online-Meeting.",
};

const OF_GENERATION = {
  feb: {
    termsOfUse: "Einwilligungen",
    time: "Zeit",
    privacyCheckboxText:
      "Ich habe die <a " +
      "href=\"https://stadt.muenchen.de/dam/jcr:26e72fa3-cec7-4628-9a0a-272c330a2bd2/23_07_Art_13_DSGVO.pdf\" " +
      "target='_blank' rel='noopener noreferrer' aria-label='Datenschutzerklärung pdf " +
      "download'>Datenschutzerklärung</a> zur Kenntnis genommen und akzeptiere die Speicherung und " +
      "Verarbeitung meiner Daten zu meinem Termin.",
    "appointmentTypes.3": "Videokonferenz",
  },
  aug: {
    appointmentAlreadyActivatedHeader: "Sie haben Ihren Termin bereits aktiviert.",
    privacyText:
      "<a " +
      "href=\"https://stadt.muenchen.de/dam/jcr:26e72fa3-cec7-4628-9a0a-272c330a2bd2/23_07_Art_13_DSGVO.pdf\" " +
      "target='_blank' rel='noopener noreferrer' aria-label='Datenschutzerklärung pdf " +
      "download'>Datenschutzhinweise Terminvereinbarung</a>",
    termsOfUse: "Rechtliche Hinweise",
    termsOfUseForVideoConsultationLabel: "Nutzungsbedingungen Videoberatung",
    termsOfUseForVideoConsultationText:
      "Für die Teilnahme an der Videoberatung stimme ich den <a " +
      "href=\"https://stadt.muenchen.de/dam/DSGVO/Nutzungsbedingungen-Videoberatung.pdf\" target='_blank' " +
      "rel='noopener noreferrer' aria-label='Nutzungsbedingungen Videoberatung pdf " +
      "download'>Nutzungsbedingungen</a> zu.",
    privacyVideoConsultationText:
      "<a href=\"https://stadt.muenchen.de/dam/DSGVO/Datenschutzhinweise-Videoberatung.pdf\" target='_blank' " +
      "rel='noopener noreferrer' aria-label='Datenschutzhinweise Videoberatung pdf " +
      "download'>Datenschutzhinweise Videoberatung</a>",
    time: "Datum und Uhrzeit",
    "appointmentTypes.3": "Videoberatung",
  },
};

export function labelsOf(generation) {
  const words = { ...COMMON, ...OF_GENERATION[generation] };
  return (key, values = {}) => {
    const text = words[key] ?? key;
    return text.replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  };
}
