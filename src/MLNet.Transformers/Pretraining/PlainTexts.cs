using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>Rows of one text each, in as many windows as it takes: nothing of a long text is lost.</summary>
/// <param name="columns">The text column.</param>
/// <param name="tokenizer">Makes tokens of the texts.</param>
/// <param name="config">Of the network: which ids it knows.</param>
/// <param name="maxTokens">Most tokens of a window, special tokens included.</param>
internal sealed class PlainTexts(TextColumns columns, TextEncoder tokenizer, ModelConfig config, int maxTokens) : IRowReader<string, TokenSequence>
{
    private readonly EncodeOptions _options = new() { MaxTokens = maxTokens };
    private readonly EmbeddedTokens _embedded = new(tokenizer, config);

    public string SkippedBecause => "have no text";

    public string? Report => null;

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context) => columns.Find(schema, context);

    public RowGetter<string> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> found)
    {
        Func<TextRow> read = TextColumns.Reader(row, found);
        return (out string text) => !string.IsNullOrWhiteSpace(text = read().Text);
    }

    public TokenSequence[] Features(string row) =>
        [.. tokenizer.EncodeWindows(row, null, _options).Select(window => new TokenSequence(_embedded.Check(window.Ids)))];
}
