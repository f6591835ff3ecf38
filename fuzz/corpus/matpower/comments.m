%{
block
%}
% line
function mpc = two
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [ % head
1,3,0,0,0,0,1,1,0,110/sqrt(3),1,1.1,.9 # tail
2 1 5e1 1D+1 ... cut
 0 0 1 +1 0 110 1 11e-1 9e-1
]
mpc.gen = [1 0 0 30 -30 1 100 1 80 5];
mpc.branch = [1 2 0.01 0.1 0.02 60 70 80 0 0 1 -360 360];
end
