using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>
/// Fine-tunes a checkpoint, or trains fresh weights, to classify texts or pairs of texts. Made by
/// <see cref="TransformersCatalog.SequenceClassification"/>.
/// </summary>
/// <remarks>
/// <para>Input columns: text, optionally a second text, and a label of key type (<c>MapValueToKey</c> makes one). Rows with a missing label are skipped.</para>
/// <para>Output columns: <c>PredictedLabel</c>, a key with the label's values, and <c>Score</c>, the probabilities as a vector of <see cref="float"/>
/// with a slot name per class. <c>MulticlassClassification.Evaluate</c> reads both.</para>
/// <para>Source: Devlin et al. 2019, §4.1, and the fine-tuning script of google-research/bert, run_classifier.py.</para>
/// </remarks>
public sealed class SequenceClassificationTrainer : IEstimator<SequenceClassificationTransformer>
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly SequenceClassificationOptions _options;
    private readonly TextColumns _columns;
    private readonly int _maxTokens;

    internal SequenceClassificationTrainer(IHostEnvironment environment, Checkpoint checkpoint, SequenceClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options.Validate();
        _host = environment.Register(nameof(SequenceClassificationTrainer));
        (_checkpoint, _options) = (checkpoint, options);
        _columns = new TextColumns(options.TextColumnName, options.TextPairColumnName);
        _maxTokens = RowTokenizer.Limit(checkpoint, options.MaxTokens, nameof(options.MaxTokens));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Require(inputSchema, _host);
        SchemaShape.Column label = inputSchema.RequireKey(_host, "label", _options.LabelColumnName);
        return MulticlassColumns.Shape(inputSchema, label, _options.PredictedLabelColumnName, _options.ScoreColumnName);
    }

    /// <summary>Trains.</summary>
    /// <param name="input">Rows with the columns that the options name.</param>
    /// <returns>The trained transformer, in which the weights of the best epoch are where there were validation rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The rows have fewer than two classes, no row is usable, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public SequenceClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        HostSettings settings = _host.Settings();
        int seed = _options.Seed ?? settings.Seed ?? Random.Shared.Next();
        var tokenizer = new RowTokenizer(_checkpoint.Tokenizer, _checkpoint.Config, _maxTokens);
        DataViewSchema.Column label = input.Schema.RequireKey(_host, "label", _options.LabelColumnName);
        KeyValues? keys = KeyValues.Of(label);
        IReadOnlyList<string> names = Names(label, keys);
        var head = new HeadRequest(HeadKind.SequenceClassification, names, "single_label_classification", _options.Head);
        NetworkLoader.CheckHead(_checkpoint, head);
        float[]? classWeights = ClassWeights(names);
        List<Example<int>> examples = Read(input, tokenizer, "training");
        List<Example<int>> validation = Validation(examples, tokenizer, keys, seed);
        RequireClasses(examples, names);
        TaskModel model = NetworkLoader.ForTraining(_checkpoint, head, seed, _host.Info);
        try
        {
            NetworkPlacement.Place(model, _options.Precision, _host);
            Train(model, classWeights, examples, validation, seed);
            return new SequenceClassificationTransformer(_host, Settings(), model, _checkpoint.Tokenizer, keys);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private void Train(TaskModel model, float[]? classWeights, List<Example<int>> examples, List<Example<int>> validation, int seed)
    {
        _host.Info($"Training on {examples.Count:N0} rows{(validation.Count > 0 ? $", validating on {validation.Count:N0}" : "")}, seed {seed}.");
        var task = new SequenceClassificationTask(classWeights, _options.LabelSmoothing, _options.ValidationMetric);
        var host = new TrainingHost(_host.Info, _host.CheckAlive);
        using var loop = new TrainingLoop<int, float[]>(model, task, _options, seed, host, examples, validation);
        loop.Run();
    }

    private SequenceClassificationSettings Settings() => new()
    {
        Columns = _columns,
        PredictedLabelColumnName = _options.PredictedLabelColumnName,
        ScoreColumnName = _options.ScoreColumnName,
        MaxTokens = _maxTokens,
        BatchSize = _options.BatchSize,
        Precision = _options.Precision,
    };

    // The classes are those of the key's type, not the labels seen: a class without rows can be predicted and evaluated all the same.
    private static IReadOnlyList<string> Names(DataViewSchema.Column label, KeyValues? keys)
    {
        ulong count = ((KeyDataViewType)label.Type).Count;
        if (count < 2)
        {
            throw new InvalidOperationException(
                $"The label column '{label.Name}' has {count} class{(count == 1 && keys is not null ? $", '{keys.Names[0]}'" : "es")}; classification needs at least two.");
        }
        return keys?.Names ?? [.. Enumerable.Range(0, (int)count).Select(number => $"LABEL_{number}")];
    }

    private float[]? ClassWeights(IReadOnlyList<string> names)
    {
        if (_options.ClassWeights is not { } given)
        {
            return null;
        }
        if (given.Keys.FirstOrDefault(label => !names.Contains(label)) is { } unknown)
        {
            throw new ArgumentException(
                $"{nameof(_options.ClassWeights)} names the label '{unknown}', which the column '{_options.LabelColumnName}' does not have; it has {string.Join(", ", names.Select(name => $"'{name}'"))}.");
        }
        return [.. names.Select(name => (float)given.GetValueOrDefault(name, 1))];
    }

    private List<Example<int>> Read(IDataView data, RowTokenizer tokenizer, string what)
    {
        IReadOnlyList<DataViewSchema.Column> texts = _columns.Find(data.Schema, _host);
        DataViewSchema.Column label = data.Schema.RequireKey(_host, "label", _options.LabelColumnName);
        var rows = new List<TextRow>();
        var targets = new List<int>();
        long skipped = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor([.. texts, label]))
        {
            Func<TextRow> read = TextColumns.Reader(cursor, texts);
            ValueGetter<ulong> readLabel = cursor.KeyGetter(label);
            ulong key = 0;
            while (cursor.MoveNext())
            {
                readLabel(ref key);
                if (key == 0)
                {
                    skipped++;
                    continue;
                }
                rows.Add(read());
                targets.Add((int)key - 1);
            }
        }
        _host.CheckAlive();
        if (skipped > 0)
        {
            _host.Info($"{skipped:N0} {what} rows have no label, or one that is not among the key's values, and are skipped.");
        }
        TokenSequence[] sequences = tokenizer.Encode(rows.ToArray());
        if (tokenizer.Report is { } report)
        {
            _host.Info(report);
        }
        return [.. sequences.Zip(targets, (tokens, target) => new Example<int>(tokens, target))];
    }

    private void RequireClasses(List<Example<int>> examples, IReadOnlyList<string> names)
    {
        int[] seen = [.. examples.Select(example => example.Target).Distinct().Take(2)];
        if (seen.Length < 2)
        {
            throw new InvalidOperationException(seen.Length == 0
                ? $"No training row is usable: each lacks a label in the column '{_options.LabelColumnName}', or there is no row."
                : $"All {examples.Count:N0} usable training rows have the label '{names[seen[0]]}' in the column '{_options.LabelColumnName}'; classification needs at least two classes.");
        }
    }

    private List<Example<int>> Validation(List<Example<int>> examples, RowTokenizer tokenizer, KeyValues? keys, int seed)
    {
        if (_options.ValidationSet is { } data)
        {
            IReadOnlyList<string>? others = KeyValues.Of(data.Schema.RequireKey(_host, "label", _options.LabelColumnName))?.Names;
            if (!(others ?? []).SequenceEqual(keys?.Names ?? []))
            {
                throw new InvalidOperationException(
                    $"The key values of the column '{_options.LabelColumnName}' of {nameof(_options.ValidationSet)} are not those of the training rows. Map both with one fitted MapValueToKey.");
            }
            List<Example<int>> rows = Read(data, tokenizer, "validation");
            return rows.Count > 0 ? rows : throw new InvalidOperationException($"{nameof(_options.ValidationSet)} has no usable row.");
        }
        return HoldOut(examples, seed);
    }

    // Moves a share of the rows, drawn by the seed, from the training rows to the validation rows.
    private List<Example<int>> HoldOut(List<Example<int>> examples, int seed)
    {
        int held = (int)Math.Round(_options.ValidationShare * examples.Count);
        if (held == 0 && _options.ValidationShare > 0)
        {
            throw new InvalidOperationException(
                $"{nameof(_options.ValidationShare)} is {_options.ValidationShare}, which of {examples.Count:N0} usable rows is none; give a larger share or a {nameof(_options.ValidationSet)}.");
        }
        Example<int>[] shuffled = [.. examples];
        new Random(RandomState.Mix(seed, int.MinValue)).Shuffle(shuffled);
        if (held > 0)
        {
            examples.Clear();
            examples.AddRange(shuffled.AsSpan(held));
        }
        return [.. shuffled.AsSpan(0, held)];
    }
}
