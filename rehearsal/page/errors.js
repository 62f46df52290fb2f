// What the page says for each error code of the API: [headline, text].

const COMMON = {
  appointmentCanNotBeCanceled: [
    "Ihr Termin kann nicht abgesagt werden.",
    "Leider kann Ihr Termin nicht abgesagt werden. Bitte wenden Sie sich an den Service, der Ihnen " +
    "den Termin angeboten hat.",
  ],
  appointmentNotAvailable: [
    "Ihr gewählter Termin ist nicht mehr verfügbar.",
    "Leider hat inzwischen eine andere Person Ihren gewünschten Termin gebucht. Bitte wählen Sie " +
    "einen neuen Termin aus.",
  ],
  appointmentNotFound: [
    "Wir konnten Ihren Termin nicht finden.",
    "Vielleicht haben Sie Ihren Termin bereits abgesagt? Andernfalls überprüfen Sie bitte, ob Sie den " +
    "richtigen Link verwendet haben.",
  ],
  authKeyMismatch: [
    "Ungültiger Authentifizierungsschlüssel",
    "Leider kann Ihr Termin nicht aktiviert werden. Bitte überprüfen Sie, ob Sie den richtigen Link " +
    "verwendet haben.",
  ],
  captchaVerificationError: [
    "Verifizierung fehlgeschlagen",
    "Verifizierung fehlgeschlagen. Versuche Sie es später noch einmal.",
  ],
  captchaVerificationFailed: [
    "Verifizierung fehlgeschlagen",
    "Verifizierung fehlgeschlagen. Versuche Sie es später noch einmal.",
  ],
  departmentNotFound: ["Behörde nicht gefunden", "Die angefragte Behörde konnte nicht gefunden werden."],
  emailIsRequired: ["E-Mail-Adresse ist erforderlich.", "Bitte geben Sie Ihre E-Mail-Adresse an."],
  emptyServiceArrays: [
    "Service-IDs und Anzahl dürfen nicht leer sein.",
    "Service-IDs und Anzahl dürfen nicht leer sein.",
  ],
  internalError: [
    "Interner Fehler",
    "Ein interner Fehler ist aufgetreten. Bitte versuchen Sie es später noch einmal.",
  ],
  invalidApiClient: ["Ungültiger API-Client", "Ungültiger API-Client"],
  invalidAuthKey: [
    "Ungültiger Authentifizierungsschlüssel",
    "Leider kann Ihr Termin nicht aktiviert werden. Bitte überprüfen Sie, ob Sie den richtigen Link " +
    "verwendet haben.",
  ],
  invalidCustomTextfield: [
    "Ungültiges benutzerdefiniertes Textfeld",
    "Bitte geben Sie die notwendigen Informationen ein.",
  ],
  invalidDate: ["Ungültiges Datum", "Bitte geben Sie ein gültiges Datum ein."],
  invalidEmail: ["Ungültige E-Mail-Adresse", "Bitte geben Sie eine gültige E-Mail-Adresse ein."],
  invalidEndDate: ["Ungültiges Enddatum", "Bitte geben Sie ein gültiges Enddatum ein."],
  invalidFamilyName: ["Ungültiger Familienname", "Bitte geben Sie einen gültigen Familiennamen ein."],
  invalidLocationAndServiceCombination: [
    "Ungültige Kombination aus Ort und Leistung.",
    "Die angegebene Dienstleistung ist an diesem Standort nicht verfügbar.",
  ],
  invalidOfficeId: ["Ungültige Büro-ID", "Bitte geben Sie eine gültige Büro-ID ein."],
  invalidProcessId: ["Ungültige Terminnummer", "Bitte geben Sie eine gültige Terminnummer ein."],
  invalidRequest: ["Ungültige Dienstleistung", "Die angegebene Dienstleistung ist nicht verfügbar."],
  invalidSchema: [
    "Ungültige Datenstruktur",
    "Entweder ist die Datenstruktur ungültig oder die angegebenen Daten sind nicht korrekt.",
  ],
  invalidScopeId: ["Ungültige Standort-Nummer", "Bitte geben Sie eine gültige Standort-Nummer ein."],
  invalidServiceCount: [
    "Ungültige Anzahl der Dienstleistungen",
    "Bitte geben Sie eine gültige Anzahl der Dienstleistungen ein.",
  ],
  invalidServiceId: ["Ungültige Dienstleistungs-Nummer", "Bitte geben Sie eine gültige Dienstleistungs-Nummer ein."],
  invalidStartDate: ["Ungültiges Startdatum", "Bitte geben Sie ein gültiges Startdatum ein."],
  invalidTelephone: ["Ungültige Telefonnummer", "Bitte geben Sie eine gültige Telefonnummer ein."],
  invalidTimestamp: ["Ungültiger Zeitstempel", "Fehlender oder ungültiger Zeitstempel"],
  mailNotFound: [
    "Mail-Vorlage nicht gefunden",
    "Leider kann derzeit der Termin nicht gebucht werden. Die angefragte Mail-Vorlage konnte nicht " +
    "gefunden werden. Bitte versuchen Sie es später erneut.",
  ],
  noAppointmentForThisDay: [
    "Aktuell ist kein Termin verfügbar.",
    "Bitte versuchen Sie es noch einmal zu einem späteren Zeitpunkt.",
  ],
  noAppointmentForThisScope: [
    "Aktuell ist kein Termin verfügbar.",
    "Bitte versuchen Sie es noch einmal zu einem späteren Zeitpunkt.",
  ],
  notFound: ["Nicht gefunden", "Die angefragte Ressource konnte nicht gefunden werden."],
  notImplemented: ["Nicht implementiert", "Die angefragte Ressource ist nicht implementiert."],
  organisationNotFound: ["Organisation nicht gefunden", "Die angefragte Organisation konnte nicht gefunden werden."],
  preconfirmationExpired: [
    "Ihr Termin kann nicht mehr aktiviert werden.",
    "Leider ist die Zeit für die Aktivierung Ihres Termins abgelaufen. Bitte vereinbaren Sie den " +
    "Termin erneut.",
  ],
  processAlreadyCalled: ["Termin wurde aufgerufen.", "Leider ist Ihr Termin bereits aufgerufen."],
  processAlreadyExists: ["Termin bereits vorhanden.", "Leider ist Ihr Termin bereits vorhanden."],
  processDeleteFailed: ["Terminlöschen fehlgeschlagen", "Leider konnte Ihr Termin nicht gelöscht werden."],
  processInvalid: ["Ungültiger Termin", "Leider ist Ihr Termin ungültig."],
  processNotPreconfirmedAnymore: [
    "Ihr Termin kann nicht mehr aktiviert werden.",
    "Leider ist die Zeit für die Aktivierung Ihres Termins abgelaufen. Bitte vereinbaren Sie den " +
    "Termin erneut.",
  ],
  processNotReservedAnymore: [
    "Ihr Termin kann nicht mehr reserviert werden.",
    "Leider ist die Zeit für die Reservierung Ihres Termins abgelaufen. Bitte vereinbaren Sie den " +
    "Termin erneut.",
  ],
  providerNotFound: ["Anbieter nicht gefunden", "Der angefragte Anbieter konnte nicht gefunden werden."],
  rateLimitExceeded: [
    "Zu viele Anfragen",
    "Sie haben die maximale Anzahl an Anfragen erreicht. Bitte versuchen Sie es später noch einmal.",
  ],
  requestMethodNotAllowed: ["Ungültige Anfrage", "Die angefragte Methode ist nicht erlaubt."],
  requestNotFound: ["Dienstleistung nicht gefunden", "Die angefragte Dienstleistung konnte nicht gefunden werden."],
  scopeNotFound: ["Standort nicht gefunden", "Der angefragte Standort konnte nicht gefunden werden."],
  scopesNotFound: ["Standorte nicht gefunden", "Die angefragten Standorte konnten nicht gefunden werden."],
  serviceUnavailable: [
    "Dienstleistung nicht verfügbar",
    "Die angefragte Dienstleistung ist derzeit nicht verfügbar. Bitte versuchen Sie es später noch " +
    "einmal.",
  ],
  sessionTimeout: [
    "Ihre Sitzung ist abgelaufen.",
    "Seit dem Start Ihrer Terminbuchung ist zu viel Zeit vergangen. Bitte wählen Sie einen neuen " +
    "Termin, um mit der Buchung fortzufahren.",
  ],
  telephoneIsRequired: ["Telefonnummer ist erforderlich", "Bitte geben Sie Ihre Telefonnummer an."],
  tooManyAppointmentsWithSameMail: [
    "Sie haben bereits zu viele Termine gebucht.",
    "Sie können mit Ihrer E-Mail-Adresse nur eine begrenzte Anzahl an Terminen vereinbaren. Bitte " +
    "sagen Sie einen anderen Termin ab, bevor Sie einen neuen Termin buchen.",
  ],
  tooManyServicesPerAppointment: [
    "Zu viele gleiche Leistungen ausgewählt.",
    "Sie haben mehr von einer Leistung ausgewählt als erlaubt. Bitte reduzieren Sie die Anzahl und " +
    "versuchen Sie es erneut.",
  ],
  tooManySlotsPerAppointment: [
    "Zu viele Leistungen ausgewählt.",
    "Sie können pro Termin nur eine begrenzte Anzahl an Leistungen buchen. Bitte reduzieren Sie Ihre " +
    "Auswahl und versuchen Sie es erneut.",
  ],
  unknownError: ["Ein unbekannter Fehler ist aufgetreten.", "Bitte versuchen Sie es später erneut."],
  zmsClientCommunicationError: [
    "Der Service ist vorübergehend nicht verfügbar.",
    "Der Service ist vorübergehend nicht verfügbar. Bitte versuchen Sie es später noch einmal.",
  ],
  invalidJumpinLink: [
    "Diese Ansicht kann nicht geladen werden.",
    "Der Link zu dieser Seite ist leider fehlerhaft. Starten Sie die Terminvereinbarung neu, um eine " +
    "Leistung zu wählen.",
  ],
  genericFallback: ["Ein Fehler ist aufgetreten.", "Bitte versuchen Sie es später erneut."],
};

const OF_GENERATION = {
  feb: {
    captchaExpired: ["Das hat leider nicht geklappt.", "Bitte aktualisieren Sie diese Seite."],
    captchaInvalid: ["Das hat leider nicht geklappt.", "Bitte aktualisieren Sie diese Seite."],
    captchaMissing: ["Das hat leider nicht geklappt.", "Bitte aktualisieren Sie diese Seite."],
    sourceNotFound: ["Quelle nicht gefunden", "Die angefragte Quelle konnte nicht gefunden werden."],
  },
  aug: {
    captchaExpired: [
      "Ihre Sitzung ist abgelaufen.",
      "Seit dem Start Ihrer Terminbuchung ist zu viel Zeit vergangen. Bitte wählen Sie einen neuen " +
      "Termin, um mit der Buchung fortzufahren.",
    ],
    captchaInvalid: [
      "Ihre Sitzung ist abgelaufen.",
      "Seit dem Start Ihrer Terminbuchung ist zu viel Zeit vergangen. Bitte wählen Sie einen neuen " +
      "Termin, um mit der Buchung fortzufahren.",
    ],
    captchaMissing: [
      "Ihre Sitzung ist abgelaufen.",
      "Seit dem Start Ihrer Terminbuchung ist zu viel Zeit vergangen. Bitte wählen Sie einen neuen " +
      "Termin, um mit der Buchung fortzufahren.",
    ],
    sourceNotFound: [
      "Terminbuchung derzeit eingeschränkt",
      "Die benötigten Standortdaten sind derzeit nicht verfügbar. Bitte versuchen Sie es später erneut.",
    ],
  },
};

const CALLOUTS = { info: "default", success: "success", warning: "warning", error: "error" };

// The first error of an answer as {code, callout}, or null. A code the page does not know becomes the general one.
export function errorOf(answer) {
  if (!answer || typeof answer !== "object" || Array.isArray(answer)) return known("genericFallback");
  if (!answer.errors) return null;
  const { errorCode, errorType } = answer.errors[0] ?? {};
  return known(errorCode, errorType);
}

export function known(code, type = "error") {
  if (code in COMMON || code in OF_GENERATION.aug) return { code, callout: CALLOUTS[type] ?? "error" };
  return { code: "genericFallback", callout: "error" };
}

export const errorWords = (generation, code) => OF_GENERATION[generation][code] ?? COMMON[code];
