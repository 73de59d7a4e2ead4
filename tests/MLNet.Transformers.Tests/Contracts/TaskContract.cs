using Microsoft.ML;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Tests.Contracts;

/// <summary>What every task promises, whatever the architecture: a row of the table behind <see cref="TaskContractTests"/>.</summary>
internal abstract class TaskContract
{
    /// <summary>Heads that the task is done with; an architecture that has one of them is a cell of the table.</summary>
    public abstract IReadOnlyList<HeadKind> Heads { get; }

    /// <summary>All texts that occur, for the vocabulary.</summary>
    public abstract IEnumerable<string> Texts { get; }

    /// <summary>What a prediction adds.</summary>
    public abstract IReadOnlyList<string> Outputs { get; }

    /// <summary>A network of a row's shape with fresh weights, and a vocabulary of the task's words.</summary>
    /// <param name="network">A row of <see cref="Models.SmallConfigs"/>.</param>
    public virtual Checkpoint Fresh(string network) => ContractNetworks.Fresh(this, network);

    /// <summary>Eight examples of different lengths.</summary>
    public abstract IDataView Rows(MLContext ml);

    public abstract IEstimator<ITransformer> Trainer(MLContext ml, Checkpoint checkpoint, Action<TrainingOptions> settings);

    public abstract IEstimator<ITransformer> Apply(MLContext ml, Checkpoint checkpoint, Action<TextOptions> settings);

    /// <summary>The figure of the task's evaluation, 1 where all answers are right.</summary>
    public abstract double Judge(MLContext ml, IDataView predicted);

    /// <summary>The answers of a prediction engine, row by row, in the words of <see cref="FreshProcess.RowText"/>.</summary>
    public abstract string[] Engine(MLContext ml, ITransformer model);

    public abstract void SaveCheckpoint(ITransformer model, string folder);

    /// <summary>Rows that are refused, by name, with words that the error must have.</summary>
    public abstract IReadOnlyDictionary<string, (Func<MLContext, IDataView> Rows, string[] Words)> BadInput { get; }

    /// <summary>The answers of an engine for each of some rows.</summary>
    protected static string[] Engine<TRow, TAnswer>(MLContext ml, ITransformer model, IEnumerable<TRow> rows, IReadOnlyCollection<string> outputs)
        where TRow : class, new()
        where TAnswer : class, new()
    {
        using var engine = ml.Model.CreatePredictionEngine<TRow, TAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        return FreshProcess.RowText.Lines(ml.Data.LoadFromEnumerable(rows.Select(row => engine.Predict(row))), outputs);
    }
}
