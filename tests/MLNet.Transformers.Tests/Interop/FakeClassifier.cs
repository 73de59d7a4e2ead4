using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>What a fake classifier was asked to do.</summary>
internal sealed class FakeCounts
{
    public int Runs;
    public int Rows;
    public int Created;
    public int Disposed;
}

/// <summary>What a fake classifier holds.</summary>
internal sealed class FakeWeights : IDisposable
{
    private int _disposals;

    public int Disposals => _disposals;

    public void Dispose() => Interlocked.Increment(ref _disposals);
}

/// <summary>A classifier without a network: the score of a class is the share of the letter that its name begins with, add-one smoothed.</summary>
internal sealed class FakeClassifier(
    IHostEnvironment env, KeyValues keys, int windowRows = 4, string suffix = "", string text = "Text", int payload = 0, FakeWeights? weights = null)
    : RowTransformer(env.Register(nameof(FakeClassifier)), windowRows, weights ??= new FakeWeights()), ILoadable
{
    /// <summary>A text for which <see cref="RowBatch.Run"/> fails.</summary>
    public const string Bad = "bad";

    /// <summary>A suffix of a model that is saved and cannot be loaded.</summary>
    public const string Unloadable = "Unloadable";

    public FakeCounts Counts { get; } = new();

    public KeyValues Keys => keys;

    /// <summary>The batch that was made last, if it still lives.</summary>
    public WeakReference? LastBatch { get; private set; }

    public int Disposals => weights!.Disposals;

    public bool IsDisposed => Disposals > 0;

    /// <summary>Writes the weights as a writer does that lacks the way to the zip.</summary>
    public bool Compressed { get; init; }

    /// <summary>What making a batch, or binding it, throws.</summary>
    public (Exception? Made, Exception? Bound) Failures { get; init; }

    /// <summary>Called before a window is computed, with the number of windows before it.</summary>
    public Action<int> BeforeRun { get; init; } = _ => { };

    public string PredictedLabel => "PredictedLabel" + suffix;

    public string Score => "Score" + suffix;

    public static FakeClassifier WithClasses(IHostEnvironment env, params string[] names) => new(env, KeyValues.FromText(names));

    public static FakeClassifier WithWindow(IHostEnvironment env, int rows) => new(env, KeyValues.FromText(TextRows.Classes), rows);

    public static RowTransformer Load(IHostEnvironment env, ModelReader reader)
    {
        (int window, string suffix, string text, int payload) =
            (reader.Values.ReadInt32(), reader.Values.ReadString(), reader.Values.ReadString(), reader.Values.ReadInt32());
        if (suffix == Unloadable)
        {
            throw new PlatformNotSupportedException("This model needs {braces}.");
        }
        KeyValues? keys = null;
        reader.ReadStream("Keys", stream => keys = KeyValues.Load(env, stream));
        reader.ReadStream("Weights.bin", stream =>
        {
            for (int i = 0; i < payload; i++)
            {
                if (stream.ReadByte() != Weight(i, suffix))
                {
                    throw reader.Damaged($"The weight {i} differs.");
                }
            }
        });
        return new FakeClassifier(env, keys!, window, suffix, text, payload);
    }

    /// <summary>The scores that are expected of a text.</summary>
    public static float[] ScoresOf(string value, int classes) => ScoresOf(value, TextRows.Classes.Take(classes));

    public static uint ClassOf(string value, int classes)
    {
        float[] scores = ScoresOf(value, classes);
        return (uint)Array.IndexOf(scores, scores.Max()) + 1;
    }

    /// <summary>The columns of a prediction, read from its scores.</summary>
    public static IReadOnlyList<OutputColumn<float[]>> Outputs(string predictedLabel, string score, KeyValues? keys = null) =>
    [
        new KeyColumn<float[]>(predictedLabel, keys?.Count ?? 0, keys, scores => Array.IndexOf(scores, scores.Max())),
        new ScoresColumn<float[]>(score, keys?.Count ?? 0, keys, scores => scores),
    ];

    internal override ColumnBinding Bind(DataViewSchema input) => Outputs(PredictedLabel, Score, keys).Bind(input, [input.RequireText(Host, "text", text)]);

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        if (Failures.Made is { } failure)
        {
            throw failure;
        }
        var batch = new Batch(this, binding, capacity);
        LastBatch = new WeakReference(batch);
        return batch;
    }

    internal override void Save(ModelWriter writer)
    {
        writer.Values.Write(WindowRows);
        writer.Values.Write(suffix);
        writer.Values.Write(text);
        writer.Values.Write(payload);
        writer.WriteStream("Keys", stream => keys.Save(Host, stream));
        Action<string, Action<Stream>> write = Compressed ? writer.WriteCompressed : writer.WriteStream;
        write("Weights.bin", stream => stream.Write([.. Enumerable.Range(0, payload).Select(i => Weight(i, suffix))]));
    }

    private static float[] ScoresOf(string value, IEnumerable<string> classes)
    {
        float[] counts = [.. classes.Select(name => 1f + value.Count(letter => letter == name[0]))];
        float sum = counts.Sum();
        return [.. counts.Select(count => count / sum)];
    }

    private static byte Weight(int index, string suffix) => (byte)(index * 31 + suffix.Length);

    private sealed class Batch : RowBatch
    {
        private readonly FakeClassifier _owner;
        private readonly DataViewSchema.Column _column;
        private readonly string[] _texts;
        private readonly float[][] _scores;
        private ValueGetter<ReadOnlyMemory<char>>? _read;

        public Batch(FakeClassifier owner, ColumnBinding binding, int capacity)
        {
            (_owner, _column) = (owner, binding.Read[0]);
            (_texts, _scores) = (new string[capacity], new float[capacity][]);
            Interlocked.Increment(ref owner.Counts.Created);
        }

        public override void Bind(DataViewRow input) =>
            _read = _owner.Failures.Bound is { } failure ? throw failure : input.GetGetter<ReadOnlyMemory<char>>(_column);

        public override void Read(int slot)
        {
            ReadOnlyMemory<char> value = default;
            _read!(ref value);
            _texts[slot] = value.ToString();
        }

        public override void Run(int count)
        {
            _owner.BeforeRun(_owner.Counts.Runs);
            Interlocked.Increment(ref _owner.Counts.Runs);
            Interlocked.Add(ref _owner.Counts.Rows, count);
            for (int slot = 0; slot < count; slot++)
            {
                _scores[slot] = _texts[slot] == Bad
                    ? throw new InvalidDataException("The text is bad.")
                    : ScoresOf(_texts[slot], _owner.Keys.Names);
            }
        }

        public override Delegate Getter(int output, Func<int> slot) =>
            Outputs(_owner.PredictedLabel, _owner.Score, _owner.Keys)[output].Getter(() => _scores[slot()]);

        public override void Dispose()
        {
            Interlocked.Increment(ref _owner.Counts.Disposed);
            base.Dispose();
        }
    }
}
