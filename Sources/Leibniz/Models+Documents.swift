extension StandardModels {
  static let documents: [StandardModel] = [
    StandardModel(
      name: "gru",
      text: #"""
        # A gated recurrent unit over a batch

        The rows of $X_t \in \mathbb{R}^{n\times d}$ are $n$ examples at time $t = 1, \dots, T$, those of $H_t \in \mathbb{R}^{n\times h}$ their hidden states. The weights are $W_{xr}, W_{xz}, W_{xh} \in \mathbb{R}^{d\times h}$ and $W_{hr}, W_{hz}, W_{hh} \in \mathbb{R}^{h\times h}$; the biases $b_r, b_z, b_h \in \mathbb{R}^{1\times h}$ are added to every row. A hat marks a value before its activation.

        $$
        \begin{aligned}
        \hat R_t &= X_t W_{xr} + H_{t-1} W_{hr} + b_r, & R_t &= \sigma(\hat R_t), \\
        \hat Z_t &= X_t W_{xz} + H_{t-1} W_{hz} + b_z, & Z_t &= \sigma(\hat Z_t), \\
        \hat H_t &= X_t W_{xh} + (R_t \odot H_{t-1}) W_{hh} + b_h, & \tilde H_t &= \tanh(\hat H_t),
        \end{aligned}
        $$

        $$H_t = Z_t \odot H_{t-1} + (1 - Z_t) \odot \tilde H_t,$$

        with $H_0$ given. Each $L_t$ is a scalar loss that depends on $H_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "lstm",
      text: #"""
        # A long short-term memory with biases and an output layer

        The hidden state $h_t \in \mathbb{R}^n$ and the cell state $C_t \in \mathbb{R}^n$ read the input $x_t \in \mathbb{R}^d$. Each of the gates $f_t$ (forget), $i_t$ (input), $o_t$ (output) and the candidate $g_t$ has weights $W_f, W_i, W_o, W_g \in \mathbb{R}^{n\times n}$ for the hidden state, weights $U_f, U_i, U_o, U_g \in \mathbb{R}^{n\times d}$ for the input and a bias $b_f, b_i, b_o, b_g \in \mathbb{R}^n$; a hat marks its value before the activation.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        \hat f_t &= W_f h_{t-1} + U_f x_t + b_f, & f_t &= \sigma(\hat f_t), \\
        \hat i_t &= W_i h_{t-1} + U_i x_t + b_i, & i_t &= \sigma(\hat i_t), \\
        \hat o_t &= W_o h_{t-1} + U_o x_t + b_o, & o_t &= \sigma(\hat o_t), \\
        \hat g_t &= W_g h_{t-1} + U_g x_t + b_g, & g_t &= \tanh(\hat g_t),
        \end{aligned}
        $$

        $$
        \begin{aligned}
        C_t &= f_t \odot C_{t-1} + i_t \odot g_t, \\
        h_t &= o_t \odot \tanh(C_t), \\
        y_t &= \sigma(V h_t + c),
        \end{aligned}
        $$

        with $h_0$ and $C_0$ given, $V \in \mathbb{R}^{q\times n}$ and $c \in \mathbb{R}^q$. Each $L_t$ is a scalar loss that depends on $y_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "lstm-batch",
      text: #"""
        # A long short-term memory over a batch

        The rows of $X_t \in \mathbb{R}^{n\times d}$ are $n$ examples at time $t = 1, \dots, T$, those of $H_t, C_t \in \mathbb{R}^{n\times h}$ their hidden and cell states. The weights are $W_{xi}, W_{xf}, W_{xo}, W_{xc} \in \mathbb{R}^{d\times h}$ and $W_{hi}, W_{hf}, W_{ho}, W_{hc} \in \mathbb{R}^{h\times h}$; the biases $b_i, b_f, b_o, b_c \in \mathbb{R}^{1\times h}$ are added to every row. A hat marks a value before its activation.

        $$
        \begin{aligned}
        \hat I_t &= X_t W_{xi} + H_{t-1} W_{hi} + b_i, & I_t &= \sigma(\hat I_t), \\
        \hat F_t &= X_t W_{xf} + H_{t-1} W_{hf} + b_f, & F_t &= \sigma(\hat F_t), \\
        \hat O_t &= X_t W_{xo} + H_{t-1} W_{ho} + b_o, & O_t &= \sigma(\hat O_t), \\
        \hat C_t &= X_t W_{xc} + H_{t-1} W_{hc} + b_c, & \tilde C_t &= \tanh(\hat C_t),
        \end{aligned}
        $$

        $$
        \begin{aligned}
        C_t &= F_t \odot C_{t-1} + I_t \odot \tilde C_t, \\
        H_t &= O_t \odot \tanh(C_t),
        \end{aligned}
        $$

        with $H_0$ and $C_0$ given. Each $L_t$ is a scalar loss that depends on $H_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "lstm-gates",
      text: #"""
        # A long short-term memory whose gates are one stack

        One matrix $W \in \mathbb{R}^{4n\times(n+d)}$ holds the weights of the gates $f_t$ (forget), $i_t$ (input) and $o_t$ (output) and of the candidate $g_t$. The states are $h_t, c_t \in \mathbb{R}^n$, the input is $x_t \in \mathbb{R}^d$.

        For $t = 1, \dots, T$ let

        $$u_t = W \begin{pmatrix} h_{t-1} \\ x_t \end{pmatrix},$$

        $$
        \begin{pmatrix} f_t \\ i_t \\ o_t \\ g_t \end{pmatrix} =
        \begin{pmatrix} \sigma \\ \sigma \\ \sigma \\ \tanh \end{pmatrix} u_t,
        $$

        $$
        \begin{aligned}
        c_t &= f_t \odot c_{t-1} + i_t \odot g_t, \\
        h_t &= o_t \odot \tanh(c_t),
        \end{aligned}
        $$

        with $h_0$ and $c_0$ given. Each $L_t$ is a scalar loss that depends on $h_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "lstm-scalar",
      text: #"""
        # A long short-term memory with one unit and the squared error

        The states $h_t, c_t \in \mathbb{R}$, the input $x_t \in \mathbb{R}$, the output $y_t \in \mathbb{R}$ and its target $r_t \in \mathbb{R}$ are numbers, and so are the weights $w_{hf}, w_{hi}, w_{ho}, w_{hg} \in \mathbb{R}$, $w_{xf}, w_{xi}, w_{xo}, w_{xg} \in \mathbb{R}$ and $v \in \mathbb{R}$ and the biases $b_f, b_i, b_o, b_g, b_y \in \mathbb{R}$. A hat marks a value before its activation.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        \hat f_t &= w_{hf} h_{t-1} + w_{xf} x_t + b_f, & f_t &= \sigma(\hat f_t), \\
        \hat i_t &= w_{hi} h_{t-1} + w_{xi} x_t + b_i, & i_t &= \sigma(\hat i_t), \\
        \hat o_t &= w_{ho} h_{t-1} + w_{xo} x_t + b_o, & o_t &= \sigma(\hat o_t), \\
        \hat g_t &= w_{hg} h_{t-1} + w_{xg} x_t + b_g, & g_t &= \tanh(\hat g_t),
        \end{aligned}
        $$

        $$
        \begin{aligned}
        c_t &= f_t c_{t-1} + i_t g_t, \\
        m_t &= \tanh(c_t), \\
        h_t &= o_t m_t, \\
        y_t &= v h_t + b_y, \\
        L_t &= \frac12 (r_t - y_t)^2,
        \end{aligned}
        $$

        with $h_0$ and $c_0$ given. The loss is

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "lstm-stacked",
      text: #"""
        # A long short-term memory that reads state and input in one stack

        The hidden state $h_t \in \mathbb{R}^n$ and the cell state $c_t \in \mathbb{R}^n$ read the stack $v_t \in \mathbb{R}^{n+d}$ of the last hidden state and the input $x_t \in \mathbb{R}^d$. The weights are $W_f, W_i, W_o, W_c \in \mathbb{R}^{n\times(n+d)}$, the biases $b_f, b_i, b_o, b_c \in \mathbb{R}^n$. A hat marks a value before its activation.

        For $t = 1, \dots, T$ let

        $$v_t = [h_{t-1}; x_t],$$

        $$
        \begin{aligned}
        \hat f_t &= W_f v_t + b_f, & f_t &= \sigma(\hat f_t), \\
        \hat i_t &= W_i v_t + b_i, & i_t &= \sigma(\hat i_t), \\
        \hat o_t &= W_o v_t + b_o, & o_t &= \sigma(\hat o_t), \\
        \hat c_t &= W_c v_t + b_c, & \tilde c_t &= \tanh(\hat c_t),
        \end{aligned}
        $$

        $$
        \begin{aligned}
        c_t &= f_t \odot c_{t-1} + i_t \odot \tilde c_t, \\
        h_t &= o_t \odot \tanh(c_t),
        \end{aligned}
        $$

        with $h_0$ and $c_0$ given. Each $L_t$ is a scalar loss that depends on $h_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "mlp",
      text: #"""
        # A multilayer perceptron with one hidden layer, over a batch

        The rows of $X \in \mathbb{R}^{n\times d}$ are $n$ examples. With the weights $W_{xh} \in \mathbb{R}^{d\times h}$ and $W_{hq} \in \mathbb{R}^{h\times q}$ and the biases $b_h \in \mathbb{R}^{1\times h}$ and $b_q \in \mathbb{R}^{1\times q}$, which are added to every row,

        $$
        \begin{aligned}
        Z &= X W_{xh} + b_h, \\
        H &= \phi(Z), \\
        O &= H W_{hq} + b_q,
        \end{aligned}
        $$

        where $\phi$ is applied to every entry. The loss $L$ is a scalar that depends on $O$.

        """#),
    StandardModel(
      name: "rnn",
      text: #"""
        # A recurrent network with one hidden layer

        The state $h_t \in \mathbb{R}^n$ reads the input $x_t \in \mathbb{R}^d$; the weights $W \in \mathbb{R}^{n\times n}$ and $U \in \mathbb{R}^{n\times d}$ are shared by all steps.

        For $t = 0, \dots, T$ let

        $$h_t = \sigma(W h_{t-1} + U x_t),$$

        with $h_{-1}$ given. Each $L_t$ is a scalar loss that depends on $h_t$, and

        $$L = \sum_{t=0}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-batch",
      text: #"""
        # A recurrent network over a batch, with an output layer

        The rows of $X_t \in \mathbb{R}^{n\times d}$ are $n$ examples at time $t = 1, \dots, T$, those of $H_t \in \mathbb{R}^{n\times h}$ their hidden states. With $W_{xh} \in \mathbb{R}^{d\times h}$, $W_{hh} \in \mathbb{R}^{h\times h}$ and $W_{hq} \in \mathbb{R}^{h\times q}$, and the biases $b_h \in \mathbb{R}^{1\times h}$ and $b_q \in \mathbb{R}^{1\times q}$, which are added to every row,

        $$
        \begin{aligned}
        Z_t &= X_t W_{xh} + H_{t-1} W_{hh} + b_h, \\
        H_t &= \phi(Z_t), \\
        O_t &= H_t W_{hq} + b_q,
        \end{aligned}
        $$

        where $\phi$ is applied to every entry and $H_0$ is given. Each $L_t$ is a scalar loss that depends on $O_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-linear",
      text: #"""
        # A linear recurrent network with an output layer and the squared error

        The state $S_t \in \mathbb{R}^h$ reads the input $X_t \in \mathbb{R}^d$; the output $O_t \in \mathbb{R}^q$ is to come close to the target $Y_t \in \mathbb{R}^q$. The weights are $W_x \in \mathbb{R}^{h\times d}$, $W_s \in \mathbb{R}^{h\times h}$ and $W_o \in \mathbb{R}^{q\times h}$, the biases $b_1 \in \mathbb{R}^h$ and $b_2 \in \mathbb{R}^q$.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        S_t &= W_x X_t + W_s S_{t-1} + b_1, \\
        O_t &= W_o S_t + b_2, \\
        L_t &= \frac12 \lVert Y_t - O_t \rVert^2,
        \end{aligned}
        $$

        with $S_0$ given. The loss is

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-row",
      text: #"""
        # A recurrent network whose vectors are rows

        The state $h_t \in \mathbb{R}^{1\times n}$ reads the input $x_t \in \mathbb{R}^{1\times d}$; the weights $W_h \in \mathbb{R}^{n\times n}$ and $W_x \in \mathbb{R}^{d\times n}$ stand to the right, and $b \in \mathbb{R}^{1\times n}$ is the bias.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        u_t &= h_{t-1} W_h + x_t W_x + b, \\
        h_t &= \tanh(u_t),
        \end{aligned}
        $$

        with $h_0$ given. Each $L_t$ is a scalar loss that depends on $h_t$, and

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-scalar",
      text: #"""
        # A recurrent network with one unit and the squared error

        The state $S_t \in \mathbb{R}$, the input $X_t \in \mathbb{R}$, the output $O_t \in \mathbb{R}$ and the target $Y_t \in \mathbb{R}$ are numbers, and so are the weights $U, W, V \in \mathbb{R}$ and the biases $b_1, b_2 \in \mathbb{R}$.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        \theta_t &= U X_t + W S_{t-1} + b_1, \\
        S_t &= \tanh(\theta_t), \\
        O_t &= V S_t + b_2, \\
        L_t &= \frac12 (Y_t - O_t)^2,
        \end{aligned}
        $$

        with $S_0$ given. The loss is

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-softmax",
      text: #"""
        # A recurrent network with softmax output and cross-entropy

        The state $h_t \in \mathbb{R}^n$ reads the input $x_t \in \mathbb{R}^d$; the output $o_t \in \mathbb{R}^q$ gives the probabilities $\hat y_t$ of $q$ classes, and the target $y_t \in \mathbb{R}^q$ is one-hot. The weights are $U \in \mathbb{R}^{n\times d}$, $W \in \mathbb{R}^{n\times n}$ and $V \in \mathbb{R}^{q\times n}$, the biases $b \in \mathbb{R}^n$ and $c \in \mathbb{R}^q$.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        z_t &= U x_t + W h_{t-1} + b, \\
        h_t &= \tanh(z_t), \\
        o_t &= V h_t + c, \\
        \hat y_t &= \mathrm{softmax}(o_t), \\
        L_t &= -y_t^\top \log \hat y_t,
        \end{aligned}
        $$

        with $h_0$ given. The loss is

        $$L = \sum_{t=1}^T L_t .$$

        """#),
    StandardModel(
      name: "rnn-tanh",
      text: #"""
        # A recurrent network with tanh, an output layer and the squared error

        The state $S_t \in \mathbb{R}^h$ reads the input $X_t \in \mathbb{R}^d$; the output $O_t \in \mathbb{R}^q$ is to come close to the target $Y_t \in \mathbb{R}^q$. The weights are $W_x \in \mathbb{R}^{h\times d}$, $W_s \in \mathbb{R}^{h\times h}$ and $W_o \in \mathbb{R}^{q\times h}$, the biases $b_1 \in \mathbb{R}^h$ and $b_2 \in \mathbb{R}^q$.

        For $t = 1, \dots, T$ let

        $$
        \begin{aligned}
        A_t &= W_x X_t + W_s S_{t-1} + b_1, \\
        S_t &= \tanh(A_t), \\
        O_t &= W_o S_t + b_2, \\
        L_t &= \frac12 \lVert Y_t - O_t \rVert^2,
        \end{aligned}
        $$

        with $S_0$ given. The loss is

        $$L = \sum_{t=1}^T L_t .$$

        """#),
  ]
}
