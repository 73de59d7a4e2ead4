using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.TokenClassification;

/// <summary>The columns of a row that is learnt from: words with tags, a raw text with tags, or a raw text with spans of characters.</summary>
internal sealed record TagColumns(TokenColumns Input, string Tags, string SpanStart, string SpanLength, string SpanType)
{
    public TagColumns(TokenClassificationOptions options)
        : this(
            new TokenColumns(options.WordsColumnName, options.TextColumnName), options.TagsColumnName, options.SpanStartColumnName,
            options.SpanLengthColumnName, options.SpanTypeColumnName)
    {
    }

    /// <summary>Checks the columns.</summary>
    /// <returns>The column of tags; null where there are spans.</returns>
    public SchemaShape.Column? Require(SchemaShape shape, IExceptionContext context)
    {
        bool words = Input.Require(shape, context);
        if (words || shape.Any(column => column.Name == Tags))
        {
            return shape.RequireTags(context, "tags", Tags);
        }
        RequireSpans(name => shape.Any(column => column.Name == name));
        shape.RequireIntegers(context, "span start", SpanStart);
        shape.RequireIntegers(context, "span length", SpanLength);
        shape.RequireTexts(context, "span type", SpanType);
        return null;
    }

    /// <summary>The columns: of words or text, then of tags, or of starts, lengths and types.</summary>
    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context)
    {
        DataViewSchema.Column input = Input.Find(schema, context);
        if (input.Type is VectorDataViewType || schema.GetColumnOrNull(Tags) is not null)
        {
            return [input, schema.RequireTags(context, "tags", Tags)];
        }
        RequireSpans(name => schema.GetColumnOrNull(name) is not null);
        return
        [
            input, schema.RequireIntegers(context, "span start", SpanStart), schema.RequireIntegers(context, "span length", SpanLength),
            schema.RequireTexts(context, "span type", SpanType),
        ];
    }

    /// <summary>Whether what <see cref="Find"/> found are spans.</summary>
    public static bool AreSpans(IReadOnlyList<DataViewSchema.Column> found) => found.Count == 4;

    /// <summary>Whether the words of a raw text are what stands between blanks: it has a tag for each.</summary>
    public static bool SplitAtBlanks(IReadOnlyList<DataViewSchema.Column> found) => !AreSpans(found) && found[0].Type is not VectorDataViewType;

    /// <summary>A function that reads the cursor's current row.</summary>
    public static Func<TaggedRow> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> found)
    {
        Func<TokenText> text = TokenColumns.Reader(row, found[0], SplitAtBlanks(found));
        if (!AreSpans(found))
        {
            Func<string[]> tags = TagsReader(row, found[1]);
            return () => new TaggedRow(row.Position + 1, text(), tags(), Spans: null);
        }
        (Func<int[]> starts, Func<int[]> lengths, Func<string[]> types) = (row.IntegersGetter(found[1]), row.IntegersGetter(found[2]), row.TextsGetter(found[3]));
        return () => new TaggedRow(row.Position + 1, text(), Tags: null, new CharacterSpans(starts(), lengths(), types()));
    }

    /// <summary>A function that reads tags, be they keys or text; empty ones are missing.</summary>
    public static Func<string[]> TagsReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType type })
        {
            return row.TextsGetter(column);
        }
        IReadOnlyList<string> names = KeyValues.NamesOf(column, type);
        ValueGetter<ulong[]> getter = row.KeysGetter(column);
        ulong[] keys = [];
        return () =>
        {
            getter(ref keys);
            return Array.ConvertAll(keys, key => key > 0 && key <= (ulong)names.Count ? names[(int)key - 1] : "");
        };
    }

    // Whoever has a text and nothing else may have meant any of the three kinds of rows.
    private void RequireSpans(Func<string, bool> isThere)
    {
        string[] missing = [.. new[] { SpanStart, SpanLength, SpanType }.Where(name => !isThere(name))];
        if (missing.Length > 0)
        {
            string words = Input.Words is null ? "" : $"'{Input.Words}' with '{Tags}', or ";
            throw Check.OutOfRange(
                "inputSchema", null,
                $"lacks columns: needed are {words}'{Input.Text}' with '{Tags}' or with '{SpanStart}', '{SpanLength}' and '{SpanType}'; could not find '{Tags}', nor {string.Join(", ", missing.Select(name => $"'{name}'"))}.");
        }
    }
}
