using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.TextToText;

/// <summary>From columns of a row to others, without a network; saved as JSON.</summary>
[JsonDerivedType(typeof(TaskToText), "input")]
[JsonDerivedType(typeof(TextToLabel), "label")]
[JsonDerivedType(typeof(TextToNumber), "number")]
[JsonDerivedType(typeof(TextToTags), "tags")]
internal abstract record TextConversion
{
    /// <summary>Looks for the columns that are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing or has the wrong type.</exception>
    public abstract void Require(SchemaShape shape, IHost host);

    /// <summary>The shape of the output.</summary>
    public abstract SchemaShape Shape(SchemaShape input);

    /// <summary>The conversion with what it takes from the rows' schema.</summary>
    /// <param name="schema">The schema of the rows that it is fitted to.</param>
    /// <param name="host">Makes errors.</param>
    public virtual (TextConversion Conversion, KeyValues? Keys) Fit(DataViewSchema schema, IHost host) => (this, null);

    public abstract ColumnBinding Bind(DataViewSchema input, KeyValues? keys, IHost host);

    public abstract RowBatch Batch(ColumnBinding binding, KeyValues? keys, int capacity);
}

/// <summary>A conversion by way of an answer.</summary>
internal abstract record TextConversion<TAnswer> : TextConversion
{
    /// <summary>The columns that are added.</summary>
    protected abstract IReadOnlyList<OutputColumn<TAnswer>> Outputs(KeyValues? keys);

    /// <summary>The columns that are read.</summary>
    protected abstract IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IHost host);

    /// <summary>Makes the answer of the row that a cursor stands at.</summary>
    protected abstract Func<TAnswer> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, KeyValues? keys);

    public override SchemaShape Shape(SchemaShape input) => Outputs(null).Shape(input, label: null);

    public override ColumnBinding Bind(DataViewSchema input, KeyValues? keys, IHost host) => Outputs(keys).Bind(input, Find(input, host));

    public override RowBatch Batch(ColumnBinding binding, KeyValues? keys, int capacity) =>
        new ConvertedRows(row => Reader(row, binding.Read, keys), Outputs(keys), capacity);

    private sealed class ConvertedRows(Func<DataViewRow, Func<TAnswer>> reader, IReadOnlyList<OutputColumn<TAnswer>> columns, int capacity) : RowBatch
    {
        private readonly TAnswer[] _answers = new TAnswer[capacity];
        private Func<TAnswer>? _read;

        public override void Bind(DataViewRow input) => _read = reader(input);

        public override void Read(int slot) => _answers[slot] = _read!();

        public override void Run(int count)
        {
        }

        public override Delegate Getter(int output, Func<int> slot) => columns[output].Getter(() =>
        {
            int current = slot();
            return _answers[current];
        });
    }
}
