using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>
/// Base of the transformers of this library: adds columns to each row, computed for many rows at once where rows are read in order, and row by
/// row for prediction engines. Saved and loaded with the pipeline that it is a part of.
/// </summary>
public abstract class RowTransformer : ITransformer, IDisposable
{
    private readonly IDisposable _owned;
    private int _disposed;

    /// <param name="host">Log and cancellation.</param>
    /// <param name="windowRows">Rows that a cursor reads ahead.</param>
    /// <param name="owned">What the transformer holds, freed with it.</param>
    private protected RowTransformer(IHost host, int windowRows, IDisposable owned) => (Host, WindowRows, _owned) = (host, windowRows, owned);

    bool ITransformer.IsRowToRowMapper => true;

    internal IHost Host { get; }

    /// <summary>Rows that a cursor reads ahead at most.</summary>
    internal int WindowRows { get; }

    /// <summary>The rows of the prediction engines that were made of this transformer.</summary>
    internal LiveRows Rows { get; } = new();

    /// <summary>The input's columns and those that are added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema).Output;
    }

    /// <summary>
    /// A view of the input with the columns added. Nothing is computed until an added column is read; then the row is computed together with rows behind
    /// it: 1 row at first, then one batch, then 16 batches, so that the first answers come soon and a long pass runs in full batches.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new BatchedDataView(this, Bind(input.Schema), input);
    }

    /// <summary>
    /// Frees what the transformer holds. A prediction engine disposes its transformer unless it was made with
    /// <see cref="PredictionEngineOptions.OwnsTransformer"/> false; while several engines use one transformer the others go on working, and the
    /// last of them ends with it.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _owned.Dispose();
        }
        Rows.OnTransformerDisposed();
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new SingleRowMapper(this, Bind(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        ModelWriter.Save(this, ctx);
    }

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Finds the columns in an input schema.</summary>
    internal abstract ColumnBinding Bind(DataViewSchema input);

    /// <summary>Room for the inputs and outputs of some rows.</summary>
    internal abstract RowBatch CreateBatch(ColumnBinding binding, int capacity);

    /// <summary>Writes all that loading needs.</summary>
    internal abstract void Save(ModelWriter writer);
}
