namespace MLNet.Transformers;

/// <summary>
/// One message of a conversation: named fields, of which every template knows <c>role</c> and <c>content</c>. A field that a template asks for and that is not
/// here counts as undefined. Immutable.
/// </summary>
public sealed class ChatMessage
{
    /// <summary>Creates a message of a role and a text.</summary>
    /// <param name="role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or another that the template knows.</param>
    /// <param name="content">What is said; null: the message has no field <c>content</c>, as that of an assistant who only calls tools.</param>
    public ChatMessage(string role, string? content)
    {
        ArgumentException.ThrowIfNullOrEmpty(role);
        var fields = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["role"] = role };
        if (content is not null)
        {
            fields["content"] = content;
        }
        Fields = fields;
    }

    /// <summary>Creates a message of any fields.</summary>
    /// <param name="fields">
    /// The fields in their order. Values are null (Python's None), texts, numbers, true or false, lists, dictionaries by text, or JSON
    /// (<see cref="System.Text.Json.JsonElement"/>, <see cref="System.Text.Json.Nodes.JsonNode"/>).
    /// </param>
    /// <exception cref="ArgumentException">There is no field <c>role</c>.</exception>
    public ChatMessage(IEnumerable<KeyValuePair<string, object?>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = new OrderedDictionary<string, object?>(fields, StringComparer.Ordinal);
        if (!Fields.ContainsKey("role"))
        {
            throw new ArgumentException($"A message has the fields {string.Join(", ", Fields.Keys)}; expected 'role' among them.", nameof(fields));
        }
    }

    /// <summary>The fields by name, in their order.</summary>
    public IReadOnlyDictionary<string, object?> Fields { get; }

    /// <summary>A message with one field more, or with another value of one.</summary>
    /// <param name="field">The name, such as <c>name</c>, <c>tool_call_id</c> or <c>reasoning_content</c>.</param>
    /// <param name="value">The value, of the types that the constructor takes.</param>
    public ChatMessage With(string field, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        return new ChatMessage(new OrderedDictionary<string, object?>(Fields, StringComparer.Ordinal) { [field] = value });
    }

    /// <summary>A message with a call of a tool behind those that it has, in the field <c>tool_calls</c> as templates expect it.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">Its arguments: a dictionary or JSON, or a text where the template wants one.</param>
    /// <param name="id">What the answer will name the call by; null: no id.</param>
    /// <exception cref="InvalidOperationException">The field <c>tool_calls</c> holds something else than such calls.</exception>
    public ChatMessage WithToolCall(string name, object? arguments, string? id = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        object? known = Fields.GetValueOrDefault("tool_calls");
        if (known is not (null or IReadOnlyList<object?>))
        {
            throw new InvalidOperationException($"The field 'tool_calls' holds a {known.GetType().Name}; expected a list.");
        }
        var call = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["type"] = "function" };
        if (id is not null)
        {
            call["id"] = id;
        }
        call["function"] = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["name"] = name, ["arguments"] = arguments };
        return With("tool_calls", (object?[])[.. known as IReadOnlyList<object?> ?? [], call]);
    }
}
