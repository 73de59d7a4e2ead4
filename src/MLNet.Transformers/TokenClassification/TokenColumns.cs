using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.TokenClassification;

/// <summary>The columns that a row's words come from.</summary>
/// <param name="Words">Name of the column of words; null: rows are raw texts.</param>
/// <param name="Text">Name of the column of raw text, read where there is none of words; null: rows are words.</param>
internal sealed record TokenColumns(string? Words, string? Text)
{
    /// <summary>Checks the column.</summary>
    /// <returns>Whether it is that of words.</returns>
    public bool Require(SchemaShape shape, IExceptionContext context)
    {
        bool words = HasWords(name => shape.Any(column => column.Name == name));
        if (words)
        {
            shape.RequireWords(context, "words", Words!);
        }
        else
        {
            shape.RequireText(context, "text", Text!);
        }
        return words;
    }

    /// <summary>The column of words, a vector, or else that of raw text.</summary>
    public DataViewSchema.Column Find(DataViewSchema schema, IExceptionContext context) =>
        HasWords(name => schema.GetColumnOrNull(name) is not null)
            ? schema.RequireWords(context, "words", Words!)
            : schema.RequireText(context, "text", Text!);

    /// <summary>A function that reads the words of the cursor's current row. A missing text is an empty one.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">What <see cref="Find"/> found.</param>
    /// <param name="splitAtBlanks">Whether the words of a raw text are what stands between blanks.</param>
    public static Func<TokenText> Reader(DataViewRow row, DataViewSchema.Column column, bool splitAtBlanks)
    {
        if (column.Type is VectorDataViewType)
        {
            Func<string[]> words = row.TextsGetter(column);
            return () => TokenText.Of(words());
        }
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return TokenText.Of(text.ToString(), splitAtBlanks);
        };
    }

    private bool HasWords(Func<string, bool> isThere)
    {
        bool words = Words is not null && isThere(Words);
        if (!words && (Text is null || !isThere(Text)))
        {
            IEnumerable<string> wanted = new[] { Words is null ? "" : $"words '{Words}', a vector of text", Text is null ? "" : $"text '{Text}'" };
            throw Check.OutOfRange("inputSchema", null, $"lacks columns: could not find a column of {string.Join(", or of ", wanted.Where(name => name.Length > 0))}.");
        }
        return words;
    }
}
