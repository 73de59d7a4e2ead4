using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Prediction;
using Parameter = TorchSharp.Modules.Parameter;
using static System.FormattableString;

namespace MLNet.Transformers.Training;

/// <summary>What every trainer's <c>Fit</c> does between its columns and its transformer: seed, rows, network, loop.</summary>
internal sealed class TrainingRun
{
    private readonly IHost _host;
    private readonly Checkpoint _checkpoint;
    private readonly TrainingOptions _options;
    private readonly HeadRequest _head;

    /// <summary>Refuses what can be refused before a row is read.</summary>
    /// <param name="host">Seed, device, log and cancellation.</param>
    /// <param name="checkpoint">Where the network comes from.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="head">The head that the network gets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="TrainingOptions.FrozenStages"/> are more than the network has.</exception>
    /// <exception cref="InvalidOperationException"><see cref="HeadSource.Keep"/> is asked for, but the checkpoint's head does not fit.</exception>
    /// <exception cref="IOException"><see cref="TrainingOptions.StateFolder"/> cannot be made.</exception>
    public TrainingRun(IHost host, Checkpoint checkpoint, TrainingOptions options, HeadRequest head)
    {
        (_host, _checkpoint, _options, _head) = (host, checkpoint, options, head);
        NetworkLoader.CheckHead(checkpoint, head);
        RefuseFrozenStages();
        if (options.StateFolder is { } folder)
        {
            new StateFolder(folder).Create();
        }
        Seed = ChooseSeed();
    }

    public int Seed { get; }

    /// <inheritdoc cref="TrainingRows.Read"/>
    public TrainingRows<TFeature> Read<TRow, TFeature>(IDataView input, Func<IRowReader<TRow, TFeature>> newReader)
        where TFeature : IFeature => TrainingRows.Read(input, newReader, _options, Seed, _host);

    /// <summary>Trains a network on rows that are held in memory.</summary>
    /// <param name="objective">What it learns.</param>
    /// <param name="rows">What it learns from.</param>
    /// <param name="reading">How the scores of validation rows become answers.</param>
    /// <param name="measure">Compares the answers with the rows, given the mean loss besides.</param>
    public TaskModel Train<TFeature, TPart, TAnswer>(
        IObjective<TFeature> objective, TrainingRows<TFeature> rows, ScoreReading<TFeature, TPart, TAnswer> reading,
        Func<IReadOnlyList<TFeature[]>, TAnswer[], double, ValidationResult> measure)
        where TFeature : IFeature =>
        Train(objective, rows, validation => new ScoredValidation<TFeature, TPart, TAnswer>(objective, validation, _options.BatchLimits, Seed, reading, measure));

    /// <summary>Trains a network on rows that are held in memory.</summary>
    /// <param name="objective">What it learns.</param>
    /// <param name="rows">What it learns from.</param>
    /// <param name="validator">What judges by the validation rows; not asked for where there are none.</param>
    public TaskModel Train<TFeature>(
        IObjective<TFeature> objective, TrainingRows<TFeature> rows, Func<IReadOnlyList<TFeature[]>, IValidator> validator)
        where TFeature : IFeature
    {
        _host.Info(Invariant($"Training on {rows.Training.Count:N0} rows{(rows.Validation.Count > 0 ? Invariant($", validating on {rows.Validation.Count:N0}") : "")}, seed {Seed}."));
        var source = new ShuffledFeatures<TFeature>([.. rows.Training.SelectMany(row => row)], _options, Seed);
        return Train(objective, source, rows.Validation.Count == 0 ? null : validator(rows.Validation));
    }

    /// <summary>Trains a network. It is freed where training does not come to its end.</summary>
    public TaskModel Train<TFeature>(IObjective<TFeature> objective, IFeatureSource<TFeature> source, IValidator? validator)
        where TFeature : IFeature
    {
        TaskModel network = NetworkLoader.ForTraining(_checkpoint, _head, Seed, _host.Info);
        try
        {
            NetworkPlacement.Place(network, _options.Precision, _host);
            RunStages(network, objective, source, validator);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // Each stage begins with the weights of the one before, whose state is kept until all are done: a run that is killed in the second reads the end of the first back.
    private void RunStages<TFeature>(TaskModel network, IObjective<TFeature> objective, IFeatureSource<TFeature> source, IValidator? validator)
        where TFeature : IFeature
    {
        IReadOnlyList<TrainingStage> stages = _options.Stages;
        var ended = new List<TrainingState>();
        foreach ((int number, TrainingStage stage) in stages.Index())
        {
            IReadOnlyList<(string, Parameter)> trained = TrainedParameters.Of(network, stage);
            if (stages.Count > 1)
            {
                _host.Info(Invariant($"Stage {number + 1} of {stages.Count}: {trained.Count:N0} of {network.NamedParameters.Count:N0} parameter tensors learn."));
            }
            using var loop = new TrainingLoop<TFeature>(network, trained, objective, source, validator, stage.Options, Seed, new TrainingHost(_host.Info, CheckAlive));
            if (loop.Run(keepsState: number + 1 < stages.Count) is { } state)
            {
                ended.Add(state);
            }
            TrainedParameters.Release(network);
        }
        ended.ForEach(state => state.Remove());
    }

    /// <summary>Throws where training was cancelled.</summary>
    public void CheckAlive()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        _host.CheckAlive();
    }

    private void RefuseFrozenStages()
    {
        if (_options.FrozenStages == 0)
        {
            return;
        }
        using TaskModel outline = TaskModel.Create(_checkpoint.Config, _head.Kind, Placement.Meta);
        int stages = outline.Backbone.Stages.Count;
        if (_options.FrozenStages > stages)
        {
            throw Check.OutOfRange(nameof(_options.FrozenStages), _options.FrozenStages, $"must be at most {stages}: the embeddings and {stages - 1} layers.");
        }
    }

    private int ChooseSeed()
    {
        if ((_options.Seed ?? _host.Settings().Seed) is { } given)
        {
            return given;
        }
        if (_options.StateFolder is not { } path)
        {
            return Random.Shared.Next();
        }
        var folder = new StateFolder(path);
        if (folder.ReadSeed() is { } earlier)
        {
            return earlier;
        }
        int drawn = Random.Shared.Next();
        folder.WriteSeed(drawn);
        return drawn;
    }
}
