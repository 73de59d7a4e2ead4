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
    public int DisposedTransformers;
}

/// <summary>A classifier without a network: the score of a class is the share of the letter that its name begins with, add-one smoothed.</summary>
internal sealed class FakeClassifier(
    IHostEnvironment env, KeyValues keys, int windowRows = 4, string suffix = "", string text = "Text", int payload = 0)
    : RowTransformer(env.Register(nameof(FakeClassifier)), windowRows), ILoadable
{
    /// <summary>A text for which <see cref="RowBatch.Run"/> fails.</summary>
    public const string Bad = "bad";

    /// <summary>A suffix of a model that is saved and cannot be loaded.</summary>
    public const string Unloadable = "Unloadable";

    public FakeCounts Counts { get; } = new();

    public KeyValues Keys => keys;

    /// <summary>The batch that was made last, if it still lives.</summary>
    public WeakReference? LastBatch { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Writes the weights as a writer does that lacks the way to the zip.</summary>
    public bool Compressed { get; init; }

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

    internal override ColumnBinding Bind(DataViewSchema input) => new(
        input, [input.RequireText(Host, "text", text)], MulticlassColumns.Create(input, PredictedLabel, Score, keys.Count, keys));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
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

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        Interlocked.Increment(ref Counts.DisposedTransformers);
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

        public override void Bind(DataViewRow input) => _read = input.GetGetter<ReadOnlyMemory<char>>(_column);

        public override void Read(int slot)
        {
            ReadOnlyMemory<char> value = default;
            _read!(ref value);
            _texts[slot] = value.ToString();
        }

        public override void Run(int count)
        {
            Interlocked.Increment(ref _owner.Counts.Runs);
            Interlocked.Add(ref _owner.Counts.Rows, count);
            for (int slot = 0; slot < count; slot++)
            {
                _scores[slot] = _texts[slot] == Bad
                    ? throw new InvalidDataException("The text is bad.")
                    : ScoresOf(_texts[slot], _owner.Keys.Names);
            }
        }

        public override Delegate Getter(int output, Func<int> slot) => output == 0
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)_scores[slot()].IndexOf(_scores[slot()].Max()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                float[] scores = _scores[slot()];
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, scores.Length);
                scores.CopyTo(editor.Values);
                value = editor.Commit();
            });

        public override void Dispose()
        {
            Interlocked.Increment(ref _owner.Counts.Disposed);
            base.Dispose();
        }
    }
}
