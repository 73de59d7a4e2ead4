using System.Diagnostics;
using System.Globalization;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Prediction;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>What the training loop needs of the ML.NET host.</summary>
/// <param name="Log">Writes a line to <c>MLContext.Log</c>.</param>
/// <param name="CheckAlive">Throws where the context was cancelled.</param>
internal readonly record struct TrainingHost(Action<string> Log, Action CheckAlive);

/// <summary>The one training loop of this library: every task and every objective is learnt by it.</summary>
internal sealed class TrainingLoop<TTarget, TAnswer> : IDisposable
{
    private readonly TaskModel _model;
    private readonly ITask<TTarget, TAnswer> _task;
    private readonly TrainingOptions _options;
    private readonly TrainingHost _host;
    private readonly IReadOnlyList<Example<TTarget>> _examples;
    private readonly IReadOnlyList<Example<TTarget>> _validation;
    private readonly int _seed;
    private readonly (string Name, Parameter Parameter)[] _trained;
    private readonly AdamW _optimizer;
    private readonly BestWeights _best;
    private readonly TrainingState? _state;
    private readonly int _steps;
    private readonly int _warmup;
    private readonly Stopwatch _clock = new();
    private TrainingPosition _position;
    private long _examplesSeen;

    public TrainingLoop(
        TaskModel model, ITask<TTarget, TAnswer> task, TrainingOptions options, int seed, TrainingHost host,
        IReadOnlyList<Example<TTarget>> examples, IReadOnlyList<Example<TTarget>> validation)
    {
        (_model, _task, _options, _seed, _host) = (model, task, options, seed, host);
        (_examples, _validation) = (examples, validation);
        _trained = Freeze();
        _optimizer = new AdamW(_trained, options.WeightDecay);
        _best = new BestWeights(model);
        _state = options.StateFolder is { } folder ? new TrainingState(folder, model, _optimizer, _best) : null;
        _steps = Enumerable.Range(0, options.Epochs).Sum(epoch => Plan(epoch).Count);
        _warmup = (int)Math.Round(options.WarmupShare * _steps);
        _position = new TrainingPosition { Fingerprint = _state is null ? "" : TrainingFingerprint.Of(model, options, seed, [examples, validation]) };
    }

    /// <summary>Trains, and leaves the network in eval mode with the weights of the best epoch, or of the last where there are no validation rows.</summary>
    public void Run()
    {
        Resume();
        _clock.Start();
        while (_position.Epoch < _options.Epochs)
        {
            RunEpoch();
            bool enough = _validation.Count > 0 && Validate();
            _position.Epoch++;
            (_position.StepInEpoch, _position.EpochLoss, _position.EpochWeight) = (0, 0, 0);
            if (enough)
            {
                _host.Log(Invariant($"Early stop: no gain on the validation rows in {_position.EpochsWithoutGain} epochs."));
                break;
            }
        }
        if (_best.Any)
        {
            _best.Restore();
            _host.Log(Invariant($"The weights of epoch {_position.BestEpoch} are kept, the best on the validation rows."));
        }
        _model.eval();
        foreach ((_, Parameter parameter) in _model.NamedParameters)
        {
            parameter.requires_grad = true;
        }
        _state?.Remove();
    }

    public void Dispose()
    {
        _model.zero_grad();
        _optimizer.Dispose();
        _best.Dispose();
    }

    private (string, Parameter)[] Freeze()
    {
        IReadOnlyList<nn.Module> stages = _model.Backbone.Stages;
        if (_options.FrozenStages > stages.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(_options.FrozenStages), _options.FrozenStages, $"FrozenStages must be at most {stages.Count}: the embeddings and {stages.Count - 1} layers.");
        }
        foreach (Parameter parameter in stages.Take(_options.FrozenStages).SelectMany(stage => stage.parameters()))
        {
            parameter.requires_grad = false;
        }
        return [.. _model.NamedParameters.Where(item => item.Parameter.requires_grad)];
    }

    private void Resume()
    {
        if (_state?.Read(_position.Fingerprint) is { } found)
        {
            _position = found;
            _host.Log(Invariant($"Training continues after step {found.Step} of {_steps}, in epoch {found.Epoch + 1}."));
        }
    }

    // The steps of an epoch: each a list of batches whose gradients are summed. A function of seed and epoch alone.
    private List<int[][]> Plan(int epoch)
    {
        int[] lengths = [.. _examples.Select(example => example.Tokens.Length)];
        var random = new Random(RandomState.Mix(_seed, -1 - epoch));
        return [.. LengthBuckets.Plan(lengths, _options.BatchSize, _options.MaxTokensPerBatch, random).Chunk(_options.AccumulationSteps)];
    }

    private void RunEpoch()
    {
        List<int[][]> plan = Plan(_position.Epoch);
        _model.train();
        while (_position.StepInEpoch < plan.Count)
        {
            StopIfCancelled();
            double learningRate = _options.LearningRate * _options.Schedule.Factor(_position.Step, _steps, _warmup);
            Learn(plan[_position.StepInEpoch], learningRate);
            _position.Step++;
            _position.StepInEpoch++;
            Report(_position.Epoch + 1, learningRate, null);
            if (_position.Step % _options.StateEverySteps == 0)
            {
                _state?.Write(_position);
            }
        }
        _host.Log(Invariant(
            $"Epoch {_position.Epoch + 1}/{_options.Epochs}: loss {_position.EpochLoss / _position.EpochWeight:F4}, {_examplesSeen / _clock.Elapsed.TotalSeconds:F0} rows/s."));
    }

    private void StopIfCancelled()
    {
        try
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            _host.CheckAlive();
        }
        catch (OperationCanceledException)
        {
            _state?.Write(_position);
            throw;
        }
    }

    private void Learn(int[][] batches, double learningRate)
    {
        using Lock.Scope generator = RandomState.Enter(_seed, _position.Step);
        using var scope = NewDisposeScope();
        double weight = _task.Weight(batches.SelectMany(batch => batch).Select(row => _examples[row].Target));
        double loss = 0;
        _model.zero_grad();
        foreach (int[] batch in batches)
        {
            using var batchScope = NewDisposeScope();
            HeadOutput output = BatchScorer.Forward(_model, [.. batch.Select(row => _examples[row].Tokens)]);
            Tensor batchLoss = _task.SummedLoss(output, [.. batch.Select(row => _examples[row].Target)]) / weight;
            ComputeThreads.Adjust();
            batchLoss.backward();
            loss += batchLoss.item<float>();
            _examplesSeen += batch.Length;
        }
        ComputeThreads.Adjust();
        RequireFinite(loss, $"step {_position.Step + 1}");
        if (_options.GradientClip is { } longest)
        {
            nn.utils.clip_grad_norm_(_trained.Select(item => item.Parameter).Where(parameter => parameter.grad is not null), longest);
        }
        _optimizer.Step(learningRate);
        _position.EpochLoss += loss * weight;
        _position.EpochWeight += weight;
    }

    private void RequireFinite(double loss, string what)
    {
        if (!double.IsFinite(loss))
        {
            throw new InvalidOperationException(Invariant(
                $"Training diverged: the loss of {what} is {loss}. A lower LearningRate ({_options.LearningRate}) or a lower GradientClip may help."));
        }
    }

    // Judges the network on the validation rows; true where the patience is used up.
    private bool Validate()
    {
        _model.eval();
        var answers = new TAnswer[_validation.Count];
        double loss = 0;
        BatchScorer.Run(_model, [.. _validation.Select(example => example.Tokens)], _options.BatchSize, _options.MaxTokensPerBatch, (output, rows) =>
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            loss += _task.SummedLoss(output, [.. rows.Select(row => _validation[row].Target)]).item<float>();
            TAnswer[] batch = _task.Answers(output);
            for (int i = 0; i < rows.Length; i++)
            {
                answers[rows[i]] = batch[i];
            }
        });
        RequireFinite(loss, "the validation rows");
        TTarget[] targets = [.. _validation.Select(example => example.Target)];
        ValidationResult result = _task.Judge(targets, answers, loss / _task.Weight(targets));
        _host.Log("Validation: " + string.Join(", ", result.Metrics.Select(metric => Invariant($"{metric.Key} {metric.Value:F4}"))) + ".");
        Report(_position.Epoch + 1, 0, result.Metrics);
        if (_position.BestScore is null || result.Score > _position.BestScore)
        {
            (_position.BestScore, _position.BestEpoch, _position.BestMetrics) = (result.Score, _position.Epoch + 1, result.Metrics);
            _position.EpochsWithoutGain = 0;
            _best.Keep();
            return false;
        }
        return ++_position.EpochsWithoutGain >= _options.Patience;
    }

    private void Report(int epoch, double learningRate, IReadOnlyDictionary<string, double>? validation)
    {
        if (_options.Progress is null)
        {
            return;
        }
        double seconds = _clock.Elapsed.TotalSeconds;
        double rate = _examplesSeen / seconds;
        double remaining = _examplesSeen == 0 ? 0 : (double)(_steps - _position.Step) / _steps * _options.Epochs * _examples.Count / rate;
        _options.Progress.Report(new TrainingProgress(
            epoch, _options.Epochs, _position.Step, _steps, _position.EpochLoss / _position.EpochWeight, learningRate, rate,
            TimeSpan.FromSeconds(remaining), validation));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
