using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.TextToText;

namespace MLNet.Transformers;

/// <summary>Turns a task's columns into a source and a target, or a written text into a task's columns. Made by <see cref="TransformersCatalog.TextToTextInput"/> and its like.</summary>
public sealed class TextToTextEstimator : IEstimator<TextToTextTransformer>
{
    private readonly IHost _host;
    private readonly TextConversion _conversion;

    internal TextToTextEstimator(IHostEnvironment environment, TextConversion conversion) =>
        (_host, _conversion) = (environment.Register(nameof(TextToTextEstimator)), conversion);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _conversion.Require(inputSchema, _host);
        return _conversion.Shape(inputSchema);
    }

    /// <summary>Looks for the columns; the rows are not read.</summary>
    /// <param name="input">Data with the columns that are read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public TextToTextTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (TextConversion conversion, KeyValues? keys) = _conversion.Fit(input.Schema, _host);
        conversion.Bind(input.Schema, keys, _host);
        return new TextToTextTransformer(_host, conversion, keys);
    }
}
