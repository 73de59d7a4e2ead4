using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// Writes a text for each source. Made by <see cref="SequenceToSequenceTrainer"/> or <see cref="TransformersCatalog.ApplySequenceToSequence"/>. A row's
/// text does not depend on the rows beside it: rows are written in batches of similar length, and where tokens are drawn, they are drawn by the seed
/// and the row's own tokens.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines, cursors and streams that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working. A stream of a transformer that is disposed ends with an <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class SequenceToSequenceTransformer : RowTransformer, ILoadable
{
    private readonly FittedNetwork<SequenceToSequenceSettings> _fitted;
    private readonly SourceWriter _writer;
    private int _reports;

    internal SequenceToSequenceTransformer(IHost host, FittedNetwork<SequenceToSequenceSettings> fitted)
        : base(host, fitted.Settings.WindowRows, fitted)
    {
        _fitted = fitted;
        _writer = NewWriter();
    }

    /// <summary>Writes the text of one source. A source that is too long is cut, which the log says once.</summary>
    /// <param name="source">The source; prefix, template or conversation are put around it. Null counts as empty.</param>
    /// <param name="options">How to write, where it is to be otherwise than the transformer does; null: as it does.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="ArgumentException">Options are out of range or do not go together.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public string Generate(string? source, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using SharedNetwork.Lease network = Share();
        string text = _writer.Write(network.Model, source ?? "", options, () => CheckAlive(cancellation));
        ReportOnce();
        return text;
    }

    /// <summary>Writes the text of one source and gives its pieces as they are there: together they are what <see cref="Generate"/> gives.</summary>
    /// <param name="source">The source; prefix, template or conversation are put around it. Null counts as empty.</param>
    /// <param name="options">How to write, with one beam, where it is to be otherwise than the transformer does; null: as it does.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="ArgumentException">Options are out of range or do not go together, or there are several beams.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IAsyncEnumerable<string> GenerateAsync(string? source, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_fitted.IsDisposed, this);
        (int[] ids, GenerationSettings settings) = _writer.Stream(source ?? "", options);
        ReportOnce();
        return Pieces(ids, settings, cancellation);
    }

    /// <summary>
    /// Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would be
    /// longer), the tokenizer's files, and generation_config.json with what the options of generation say.
    /// </summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => _fitted.SaveCheckpoint(folder, Encoding.UTF8.GetBytes(_fitted.Settings.GenerationConfig));

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(SequenceToSequenceTransformer));
        return new SequenceToSequenceTransformer(
            host, FittedNetwork<SequenceToSequenceSettings>.Load(host, reader, config => WritingHead.Of(config, nameof(SequenceToSequenceTransformer)).Kind));
    }

    internal override void Save(ModelWriter writer) => _fitted.Save(writer);

    internal override ColumnBinding Bind(DataViewSchema input) =>
        _fitted.Settings.Outputs.Bind(input, [input.RequireText(Host, "source", _fitted.Settings.SourceColumnName)]);

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity) => _fitted.CreateBatch(
        new SourcePredictor(NewWriter(), _fitted.Settings.BatchLimits), row => Reader(row, binding.Read), _fitted.Settings.Outputs, capacity);

    // One for each reading, for it counts the sources that were cut.
    private SourceWriter NewWriter() => new(_fitted.Tokenizer, _fitted.Config, _fitted.Settings, _fitted.SourceTokenizer);

    private static Func<string> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Func<TextRow> read = TextColumns.Reader(row, columns);
        return () => read().Text;
    }

    private async IAsyncEnumerable<string> Pieces(int[] ids, GenerationSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using SharedNetwork.Lease network = Share();
        IAsyncEnumerable<string> pieces = Writing.Pieces(
            network.Model, _fitted.Tokenizer, () => _writer.Layout.Prompt([ids], new NetworkInputs(network.Model)), settings, () => CheckAlive(cancellation));
        await foreach (string piece in pieces.ConfigureAwait(false))
        {
            yield return piece;
        }
    }

    // That sources are cut is logged once, at the first such source.
    private void ReportOnce()
    {
        if (_writer.Sources.Report is { } report && Interlocked.Increment(ref _reports) == 1)
        {
            Host.Info(report);
        }
    }

    private SharedNetwork.Lease Share() => _fitted.Share(nameof(SequenceToSequenceTransformer));

    private void CheckAlive(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_fitted.IsDisposed, this);
        Host.CheckAlive();
        cancellation.ThrowIfCancellationRequested();
    }
}
