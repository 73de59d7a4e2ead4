using MLNet.Transformers.Models;

namespace MLNet.Transformers.Prediction;

/// <summary>From rows to answers: by scores, of one or several features a row, or by what a network writes.</summary>
internal interface IPredictor<TRow, TAnswer>
{
    /// <summary>A line for the log about the rows so far, such as how many were cut; null: there is none.</summary>
    string? Report { get; }

    /// <summary>Whether a row's answer does not depend on what else is asked for, and several are computed sooner together: rows of several engines may be gathered.</summary>
    bool Gathers => false;

    /// <summary>The answers, in the order of the rows.</summary>
    /// <param name="network">The network, in eval mode.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="checkAlive">Called between batches; throws where nobody wants the answers any more.</param>
    TAnswer[] Predict(TaskModel network, ReadOnlyMemory<TRow> rows, Action checkAlive);
}
