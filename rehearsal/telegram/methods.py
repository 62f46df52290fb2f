"""What each method does. A function gets the store and the fields that the judge has passed."""

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.telegram.judging import Refusal, Upload, read
from rehearsal.telegram.store import BOT, Posting, Store

Given = Mapping[str, Any]
Does = Callable[[Store, Given], Any]
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)


def _rows(given: Given) -> list[list[dict[str, Any]]]:
    markup = given.get("reply_markup") or {}
    return [list(row) for row in markup.get("inline_keyboard") or [] if row]


def _plain(given: Given) -> dict[str, Any]:
    return {"silent": bool(given.get("disable_notification"))}


def get_me(store: Store, _: Given) -> Any:
    return store.judge.shown(
        "User",
        {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False},
    )


def send_message(store: Store, given: Given) -> Any:
    room = store.reached(given["chat_id"])
    text, entities = read(given, "text")
    posting = store.post(room, by_bot=True, text=text.strip(), entities=entities, rows=_rows(given), **_plain(given))
    return store.message(posting)


def send_photo(store: Store, given: Given) -> Any:
    kept = _file(store, given["photo"], "photo.jpg")
    photo = [{**kept, "width": 90, "height": 90}, {**kept, "width": 900, "height": 900}]
    return _send_file(store, given, {"photo": photo}, given["photo"])


def send_document(store: Store, given: Given) -> Any:
    name = _name(given["document"], "file")
    return _send_file(
        store, given, {"document": {**_file(store, given["document"], name), "file_name": name}}, given["document"]
    )


def send_location(store: Store, given: Given) -> Any:
    room = store.reached(given["chat_id"])
    place = {"latitude": given["latitude"], "longitude": given["longitude"]}
    return store.message(store.post(room, by_bot=True, rows=_rows(given), fields={"location": place}, **_plain(given)))


def send_venue(store: Store, given: Given) -> Any:
    room = store.reached(given["chat_id"])
    place = {"latitude": given["latitude"], "longitude": given["longitude"]}
    venue = {"location": place, "title": given["title"], "address": given["address"]}
    fields = {"location": place, "venue": venue}
    return store.message(store.post(room, by_bot=True, rows=_rows(given), fields=fields, **_plain(given)))


def edit_text(store: Store, given: Given) -> Any:
    posting = _editable(store, given)
    if "text" not in given or posting.content:
        raise Refusal("Bad Request: there is no text in the message to edit")
    text, entities = read(given, "text")
    return _edited(store, posting, text.strip(), entities, _rows(given))


def edit_caption(store: Store, given: Given) -> Any:
    posting = _editable(store, given)
    text, entities = read(given, "caption")
    return _edited(store, posting, text.strip(), entities, _rows(given))


def edit_markup(store: Store, given: Given) -> Any:
    posting = _editable(store, given)
    return _edited(store, posting, posting.text, posting.entities, _rows(given))


def delete_message(store: Store, given: Given) -> Any:
    store.reached(given["chat_id"])
    store.posting(given["chat_id"], given["message_id"], to="delete").deleted = True
    return True


def answer_callback(store: Store, given: Given) -> Any:
    query = str(given["callback_query_id"])
    if query not in store.answers:
        raise Refusal("Bad Request: query is too old and response timeout expired or query ID is invalid")
    store.answers[query] = {"text": given.get("text") or "", "alert": bool(given.get("show_alert"))}
    return True


def chat_action(store: Store, given: Given) -> Any:
    store.reached(given["chat_id"])
    return True


def pin(store: Store, given: Given) -> Any:
    store.reached(given["chat_id"]).pinned = int(given["message_id"])
    return True


def get_chat(store: Store, given: Given) -> Any:
    room = store.reached(given["chat_id"])
    full = {**room.shown, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    return store.judge.shown("ChatFullInfo", full)


def get_file(store: Store, given: Given) -> Any:
    if given["file_id"] not in store.files:
        raise Refusal("Bad Request: invalid file_id")
    _, content = store.files[given["file_id"]]
    known = {"file_id": given["file_id"], "file_unique_id": f"u{given['file_id']}", "file_size": len(content)}
    return store.judge.shown("File", {**known, "file_path": f"kept/{given['file_id']}"})


def settle(name: str) -> Does:
    """A setting of the bot itself, kept by language and, where it is one chat's, by chat."""

    def does(store: Store, given: Given) -> Any:
        store.settled[f"{name}:{_scope(store, given)}"] = dict(given)
        return True

    return does


def delete_commands(store: Store, given: Given) -> Any:
    store.settled.pop(f"setMyCommands:{_scope(store, given)}", None)
    return True


def _scope(store: Store, given: Given) -> str:
    chat_id = (given.get("scope") or {}).get("chat_id")
    if chat_id is None:
        return str(given.get("language_code") or "")
    return f"{given.get('language_code') or ''}@{store.reached(chat_id).id}"


def set_webhook(store: Store, given: Given) -> Any:
    store.settled["webhook"] = dict(given) if given["url"] else None
    store.settled.pop("webhook_trouble", None)
    if "allowed_updates" in given:
        store.allowed = given["allowed_updates"]
    return True


def delete_webhook(store: Store, given: Given) -> Any:
    store.settled["webhook"] = None
    if given.get("drop_pending_updates"):
        store.updates.clear()
    return True


def webhook_info(store: Store, _: Given) -> Any:
    hook = store.settled.get("webhook") or {}
    known = {"url": hook.get("url", ""), "has_custom_certificate": False, **store.settled.get("webhook_trouble", {})}
    return store.judge.shown("WebhookInfo", {**known, "pending_update_count": len(store.updates)})


def _editable(store: Store, given: Given) -> Posting:
    store.reached(given["chat_id"])
    posting = store.posting(given["chat_id"], given["message_id"], to="edit")
    if not posting.by_bot:
        raise Refusal("Bad Request: message can't be edited")
    return posting


def _edited(
    store: Store, posting: Posting, text: str, entities: list[dict[str, object]], rows: list[list[dict[str, Any]]]
) -> Any:
    if (posting.text, posting.entities, posting.rows) == (text, entities, rows):
        raise Refusal(NOT_MODIFIED)
    posting.text, posting.entities, posting.rows = text, entities, rows
    posting.edits, posting.edited_at = posting.edits + 1, int(store.now())
    return store.message(posting)


def _send_file(store: Store, given: Given, fields: dict[str, Any], sent: Any) -> Any:
    room = store.reached(given["chat_id"])
    text, entities = read(given, "caption")
    posting = store.post(
        room,
        by_bot=True,
        text=text.strip(),
        entities=entities,
        rows=_rows(given),
        fields=fields,
        content=_content(store, sent),
        file_name=_name(sent, ""),
        **_plain(given),
    )
    return store.message(posting)


def _file(store: Store, sent: Any, name: str) -> dict[str, Any]:
    return store.keep_file(name, _content(store, sent))


def _content(store: Store, sent: Any) -> bytes:
    if isinstance(sent, Upload):
        return sent.content
    if sent in store.files:
        return store.files[sent][1]
    raise Refusal("Bad Request: wrong file identifier/HTTP URL specified")


def _name(sent: Any, default: str) -> str:
    return (sent.name if isinstance(sent, Upload) else None) or default


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
TABLE: dict[str, Does] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback,
    "sendChatAction": chat_action,
    "pinChatMessage": pin,
    "getChat": get_chat,
    "getFile": get_file,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
    "deleteMyCommands": delete_commands,
    **{name: settle(name) for name in ("setMyCommands", "setMyDescription", "setMyShortDescription", "setMyName")},
}
